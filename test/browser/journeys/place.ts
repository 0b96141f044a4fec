/** The place of people's journeys: a ledger of any kind, with a programme of their own. */
import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Clients } from '../../support/programme.js';
import { thisYear, timeZone } from '../../support/days.js';
import { patience } from '../../support/patience.js';
import { signIn, type Role, type Tokens } from '../people.js';

/** The people of the story. `controller` is a second person of finance. */
type Worker = Role | 'controller';

export type Place = {
  /** The address of the pages. */
  readonly url: string;
  readonly tokens: Tokens & { readonly controller: string };
  /** Programs of the same ledger. */
  readonly clients: Clients;
};

export const lastYear = thisYear - 1;

/** Establishes an annual programme with money of this year, and of the last one, which nobody used. */
export async function establish({ clients: { admin, finance } }: Place, programme: string): Promise<void> {
  const title = { en: `Digital services ${programme}`, ru: `Цифровые услуги ${programme}`, ky: `Санарип кызматтар ${programme}` };
  const established = await answered(() =>
    admin.put(
      `/programmes/${programme}`,
      { title, currency: 'KGS', timeZone, ceiling: 'enforced', years: 'annual' },
      { 'idempotency-key': `${programme}-established` },
    ),
  );
  expect(established).toBe(201);
  for (const [fiscalYear, amount] of [
    [lastYear, '5000000'],
    [thisYear, '100000000'],
  ] as const) {
    const granted = await answered(() =>
      finance.post(
        `/programmes/${programme}/appropriations`,
        { fiscalYear, amount, legalBasis: 'law' },
        { 'idempotency-key': `${programme}-${fiscalYear}` },
      ),
    );
    expect(granted).toBe(201);
  }
}

/** Sends until it is answered: while partitions change owners, senders get 503. */
async function answered(send: () => Promise<{ status: number }>): Promise<number> {
  for (const end = Date.now() + patience; ;) {
    const { status } = await send();
    if (status !== 503 || Date.now() > end) return status;
  }
}

/** Signs in and goes to a programme's page in the workspace, which is there as soon as it is folded. */
export async function atWork(page: Page, { url, tokens }: Place, worker: Worker, programme: string): Promise<void> {
  await signIn(page, url, tokens[worker]);
  const path = `${url}/workspace/p/${programme}?lang=en`;
  await page.goto(path);
  await shown(page, page.locator('h1', { hasText: titleOfWork[worker] }));
}
const titleOfWork: Readonly<Record<Worker, string>> = {
  clerk: 'Our initiatives',
  finance: 'Work of finance',
  controller: 'Work of finance',
  auditor: 'Audit',
};

/** Loads a page again until it shows something: what somebody else recorded arrives a moment later. */
export async function shown(page: Page, what: Locator): Promise<void> {
  for (const end = Date.now() + patience; (await what.count()) === 0; await page.reload())
    if (Date.now() > end) throw new Error(`${page.url()} does not show ${String(what)}: ${await page.innerText('main')}`);
}

/** Fills in fields by their labels. */
export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: false }).fill(text);
}

/** Fills in fields of every kind by their labels: what is chosen is named as people see it. */
export async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) {
    const field = page.locator('form.form').getByLabel(new RegExp(`^${label}(?: \\(optional\\))?$`));
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ label: text });
    else await field.fill(text);
  }
}

export const check = (page: Page) => page.getByRole('button', { name: 'Check', exact: true }).click();
export const record = (page: Page) => page.getByRole('button', { name: 'Record', exact: true }).click();
export const follow = (page: Page, link: string) => page.getByRole('main').getByRole('link', { name: link, exact: true }).first().click();

/** Waits for a page by its heading, and until the rest of it is there too. */
export async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.waitForLoadState();
}

/** The text of a page's content, with plain spaces. */
export async function textOf(page: Page): Promise<string> {
  return (await page.innerText('main')).replaceAll(/[\u00a0\u202f]/g, ' ');
}

/** A fact of the page, by its name. */
export async function fact(page: Page, name: string): Promise<string> {
  const value = page.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^\\s*${name}\\s*$`) }) });
  return (await value.locator('dd').first().innerText()).replaceAll(/[\u00a0\u202f]/g, ' ');
}

/** A row of the page's tables, cell by cell, with plain spaces. */
export async function row(page: Page, name: string): Promise<string[]> {
  const found = page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) })
    .first();
  await found.waitFor();
  return (await found.locator('th, td').allInnerTexts()).map((text) => text.replaceAll(/[\u00a0\u202f]/g, ' '));
}
