/** A citizen finds out how a ministry spent its money. */
import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { today } from '../../support/days.js';
import { follow, heading, shown, textOf, type Place } from './place.js';

/** From the programmes over a search to an initiative, its payments and their payees, with the same list as a file. */
export async function findOut(page: Page, { url }: Place, programme: string, code: string): Promise<void> {
  await page.goto(`${url}/?lang=en`);
  await follow(page, `Digital services ${programme}`);
  await heading(page, `Digital services ${programme}`);
  await follow(page, 'All initiatives');
  await page.getByLabel('Search').fill(code);
  await page.getByLabel('Status').selectOption('Spending');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(new RegExp(`q=${code}`));
  const downloaded = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as CSV' }).click();
  const lines = (await readFile(await (await downloaded).path(), 'utf8')).trimEnd().split(/\r?\n/);
  expect([lines.length, lines[1]?.includes(code)]).toEqual([2, true]);

  await page
    .getByRole('table')
    .getByRole('link', { name: `Initiative ${code}` })
    .click();
  await heading(page, `Initiative ${code}`);
  const entry = page.getByRole('listitem').filter({ hasText: 'Notary Systems' }).filter({ hasText: '60,000.00' });
  await shown(page, entry);
  await page.goto(`${url}/p/${programme}/entries?type=SpendingRecorded&initiative=${code}&lang=en`);
  await page.getByRole('rowheader').getByRole('link', { name: 'Spent' }).last().click();
  expect(await textOf(page)).toMatch(/KGS 60,000\.00[\s\S]*Notary Systems/);
}

/** Looks at a past day, which stays while going on; compares two days; sees the card for other sites; reads in another language. */
export async function lookFurther(page: Page, { url }: Place, programme: string, code: string): Promise<void> {
  await page.goto(`${url}/p/${programme}/i/${code}?lang=en`);
  await page.locator('summary', { hasText: 'Show the past' }).click();
  await page.getByLabel('What had happened by').fill(today());
  await page.getByRole('button', { name: 'Show – Show the past' }).click();
  await page
    .getByText(/^What had happened by /)
    .first()
    .waitFor();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: `Digital services ${programme}` })
    .click();
  await heading(page, `Digital services ${programme}`);
  expect(new URL(page.url()).searchParams.get('happened')).toBe(today());
  await page.getByRole('link', { name: 'Show today' }).click();
  await page.waitForURL((address) => !address.searchParams.has('happened'));

  await page.getByRole('link', { name: 'Compare two days' }).click();
  await page.getByLabel('First day').fill(`${today().slice(0, 4)}-01-01`);
  await page.getByLabel('Second day').fill(today());
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('table').first().waitFor();
  expect(await textOf(page)).toMatch(/Funded/);

  await page.goto(`${url}/p/${programme}/i/${code}?lang=en`);
  await page.locator('summary', { hasText: 'Show this on your own site' }).click();
  expect(await page.getByLabel('HTML to copy').inputValue()).toContain(`/embed/p/${programme}/i/${code}`);
  await page.getByRole('link', { name: 'See the card' }).click();
  await page.waitForURL(/\/embed\//);
  expect(await page.locator('script').count()).toBe(0);
  await page.goto(`${url}/p/${programme}?lang=en`);
  await page.getByRole('link', { name: 'Русский' }).click();
  await heading(page, `Цифровые услуги ${programme}`);
}
