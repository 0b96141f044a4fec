/** The day of the ministry of finance. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { thisYear } from '../../support/days.js';
import { atWork, check, fact, fill, follow, heading, lastYear, record, row, shown, textOf, type Place } from './place.js';

/** Sees what waits, longest first, funds one initiative, then all others together. */
export async function fund(page: Page, place: Place, programme: string, [first, ...others]: readonly string[]): Promise<void> {
  await atWork(page, place, 'finance', programme);
  for (const code of [first, ...others]) await shown(page, page.getByRole('link', { name: `Initiative ${code}` }));
  await follow(page, `Initiative ${first}`);
  await follow(page, 'Fund');
  await fill(page, { 'Fiscal year': String(thisYear), Amount: '100 000' });
  await check(page);
  await heading(page, 'Check: Fund');
  expect(await row(page, 'Free of the year’s appropriation')).toEqual([
    `Free of the year’s appropriation (${thisYear})`,
    'KGS 1,000,000.00',
    'KGS 900,000.00',
  ]);
  await record(page);
  await heading(page, 'Recorded');
  await follow(page, 'Back to the programme');
  expect(await page.getByRole('link', { name: `Initiative ${first}` }).count()).toBe(0);

  await follow(page, 'Fund several at once');
  for (const code of others) await page.getByRole('checkbox', { name: `Fund Initiative ${code}` }).check();
  await page.getByLabel(`Amount for Initiative ${others[0]}`).fill('990 000');
  await check(page);
  expect(await page.getByRole('alert').innerText()).toContain('The year’s appropriation does not have that much left.');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel(`Amount for Initiative ${others[0]}`).fill('50 000');
  await check(page);
  expect(await fact(page, `Initiative ${others[0]}`)).toBe('KGS 50,000.00');
  await record(page);
  await heading(page, 'Recorded');
  await follow(page, 'Back to the programme');
  expect(await textOf(page)).toContain('Nothing waits.');
}

/** Sees the initiatives that have spent more than 85 % of their funding, and the end of the year. */
export async function watch(page: Page, place: Place, programme: string, spent: string, unspent: string): Promise<void> {
  await atWork(page, place, 'finance', programme);
  await follow(page, 'At least 85% of funding spent');
  await shown(page, page.getByRole('link', { name: `Initiative ${spent}` }));
  expect(await page.getByRole('link', { name: `Initiative ${unspent}` }).count()).toBe(0);
  await page.goto(`${place.url}/workspace/p/${programme}?lang=en`);
  await follow(page, String(thisYear));
  await heading(page, `Fiscal year ${thisYear}`);
  expect(await row(page, `Initiative ${unspent}`)).toEqual([
    expect.stringContaining(unspent),
    'Funded',
    '100,000.00',
    '100,000.00',
    expect.any(String),
  ]);
  await follow(page, 'Close the fiscal year');
  await check(page);
  expect(await page.getByRole('alert').innerText()).toContain('fiscal-year-not-over');
}

/** Closes the year that is over. */
export async function close(page: Page, place: Place, programme: string): Promise<void> {
  await page.goto(`${place.url}/workspace/p/${programme}?lang=en`);
  await follow(page, String(lastYear));
  expect(await textOf(page)).toContain('No initiative holds money of this year.');
  await follow(page, 'Close the fiscal year');
  await check(page);
  await heading(page, 'Check: Close the fiscal year');
  await record(page);
  await heading(page, 'Recorded');
  await page.goto(`${place.url}/workspace/p/${programme}/years/${lastYear}?lang=en`);
  expect(await textOf(page)).toMatch(/closed on/);
  expect(await fact(page, 'Lapsed')).toBe('KGS 50,000.00');
}
