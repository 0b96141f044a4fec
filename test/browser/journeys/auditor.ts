/** The searches of an auditor. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { atWork, follow, heading, shown, textOf, type Place } from './place.js';

/** Finds entries by type, sender and amount, and every refusal with its sender; then checks the whole chain. */
export async function audit(page: Page, place: Place, programme: string): Promise<void> {
  await atWork(page, place, 'auditor', programme);
  await follow(page, 'Entries of the programme');
  await page.getByLabel('Type').selectOption('Spent');
  await page.getByLabel('Organisation of the sender').fill('ministry-of-justice');
  await page.getByLabel('Amount of at least').fill('60 000');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('1 entry', { exact: true }).waitFor();
  const found = page.getByRole('row').filter({ hasText: 'KGS' });
  expect((await found.innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')).toMatch(/Spent[\s\S]*KGS 60,000\.00[\s\S]*ministry-of-justice/);

  await page.goto(`${place.url}/workspace/p/${programme}?lang=en`);
  await follow(page, 'Refusals');
  await shown(page, page.getByRole('row').filter({ hasText: 'Refused' }));
  expect(await textOf(page)).toContain('The initiative does not have that much left to spend.');

  await page.goto(`${place.url}/workspace/p/${programme}?lang=en`);
  await follow(page, 'Verify now');
  await heading(page, 'Verification of the history');
  expect(await page.getByRole('status').innerText()).toMatch(/^Records 1 to \d+ form an unbroken chain up to the programme’s head\.$/);
}
