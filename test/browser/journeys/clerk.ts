/** The day of a ministry's clerk. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { workbook } from '../../../libs/spreadsheets/testing/files.js';
import { today } from '../../support/days.js';
import { atWork, check, fact, fill, follow, heading, record, row, shown, textOf, type Place } from './place.js';

/** Proposes initiatives, each seen before it is recorded, with a receipt. */
export async function propose(page: Page, place: Place, programme: string, codes: readonly string[]): Promise<void> {
  await atWork(page, place, 'clerk', programme);
  for (const code of codes) {
    await follow(page, 'Propose an initiative');
    await heading(page, 'Propose an initiative');
    await check(page);
    await heading(page, 'Propose an initiative');
    expect(await page.getByRole('alert').innerText()).toContain('things in the form are wrong');
    await fill(page, { Code: code, English: `Initiative ${code}`, Requested: '100 000' });
    await check(page);
    await heading(page, 'Check: Propose an initiative');
    expect(await row(page, 'Status')).toEqual(['Status', '–', 'Proposed']);
    await record(page);
    await heading(page, 'Recorded');
    expect(await fact(page, 'Hash \\(SHA-256\\)')).toMatch(/^[0-9a-f\s]{64,}$/);
    await follow(page, 'Back to the programme');
    await page.getByRole('link', { name: `Initiative ${code}` }).waitFor();
  }
}

/** Opens the form of a payment on an initiative's page, as far as its check. */
async function checkPayment(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await follow(page, 'Record spending');
  await fill(page, fields);
  await check(page);
  await heading(page, 'Check: Record spending');
}

/** Records payments: what is left is shown, a dry run comes before the button, too much is refused, and a payment that may be a repeat gets a warning. */
export async function spend(page: Page, place: Place, programme: string, code: string): Promise<void> {
  await atWork(page, place, 'clerk', programme);
  await follow(page, `Initiative ${code}`);
  await shown(page, page.getByRole('link', { name: 'Record spending' }));
  const initiative = page.url();
  expect(await fact(page, 'Left to spend')).toBe('KGS 100,000.00');

  await checkPayment(page, { Amount: '100 000.01', Payee: 'Notary Systems' });
  expect(await page.getByRole('alert').innerText()).toContain('The initiative does not have that much left to spend.');
  expect(await page.getByRole('button', { name: 'Record' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Change' }).click();
  expect(await page.getByLabel('Payee').inputValue()).toBe('Notary Systems');
  await fill(page, { Amount: '60 000', 'Number of the payment': 'T-1' });
  await check(page);
  expect(await row(page, 'Left to spend')).toEqual([expect.stringMatching(/^Left to spend/), 'KGS 100,000.00', 'KGS 40,000.00']);
  await record(page);
  await heading(page, 'Recorded');
  await follow(page, code);
  expect(await fact(page, 'Left to spend')).toBe('KGS 40,000.00');

  await page.goto(initiative);
  await checkPayment(page, { Amount: '60 000', Payee: 'notary systems' });
  expect(await textOf(page)).toContain('The same amount to the same payee is on record within 30 days.');
  await page.goto(initiative);
  await checkPayment(page, { Amount: '30 000', Payee: 'Fibre Networks', 'Number of the payment': 'T-2' });
  expect(await textOf(page)).not.toContain('is on record within 30 days');
  await record(page);
  await heading(page, 'Recorded');
}

/** Two windows check payments of the same money: the first is recorded, the second refused, and both are on record. */
export async function spendTwice(page: Page, other: Page, programme: string, code: string, url: string): Promise<void> {
  const initiative = `${url}/workspace/p/${programme}/i/${code}?lang=en`;
  for (const window of [page, other]) {
    await window.goto(initiative);
    await checkPayment(window, { Amount: '10 000', Payee: window === page ? 'Licences' : 'Training' });
    expect(await row(window, 'Left to spend')).toEqual([expect.any(String), 'KGS 10,000.00', 'KGS 0.00']);
  }
  await record(page);
  await heading(page, 'Recorded');
  await record(other);
  await other.getByRole('alert').waitFor();
  expect(await other.getByRole('alert').innerText()).toContain('The initiative does not have that much left to spend.');
}

/** Corrects a payment in one step: reversed and recorded again, both or neither. */
export async function correct(page: Page, programme: string, code: string, url: string): Promise<void> {
  await page.goto(`${url}/workspace/p/${programme}/i/${code}?lang=en`);
  const payment = page.getByRole('row').filter({ hasText: 'T-2' });
  await payment.getByRole('link', { name: /^Correct a payment/ }).click();
  await heading(page, 'Correct a payment');
  expect(await page.getByLabel('The right amount').inputValue()).toBe('30000.00');
  await fill(page, { 'The right amount': '29 500', Reason: 'A discount was missed.' });
  await check(page);
  expect(await textOf(page)).toContain('Payment T-2 is reversed and recorded again');
  expect(await row(page, 'Left to spend')).toEqual([expect.any(String), 'KGS 0.00', 'KGS 500.00']);
  await record(page);
  await heading(page, 'Recorded');
  expect((await page.getByRole('heading', { level: 2 }).allInnerTexts()).sort()).toEqual(['Spending reversed', 'Spent']);
}

/** Sees the commands sent today, with the refused ones. */
export async function lookBack(page: Page, programme: string, url: string): Promise<void> {
  await page.goto(`${url}/workspace/p/${programme}?lang=en`);
  await follow(page, 'What we sent today');
  await heading(page, 'What we sent today');
  const refused = page.getByRole('row').filter({ hasText: 'Refused' });
  await shown(page, refused);
  expect((await refused.first().innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')).toMatch(
    /Tried: Spent[\s\S]*The initiative does not have that much left to spend\.[\s\S]*KGS 10,000\.00/,
  );
}

/** Uploads payments as CSV and as a workbook, each seen first; the same file again adds nothing. */
export async function upload(page: Page, programme: string, code: string, url: string): Promise<void> {
  const form = `${url}/workspace/p/${programme}/upload?lang=en`;
  const header = ['command', 'initiative', 'date', 'amount', 'id', 'payee'];
  const day = today();
  const csv = Buffer.from(
    [header.join(';'), `spend;${code};${day};1 250,50;C-1;Сервис «Түндүк»`, `spend;${code};${day};2,00;C-2;`].join('\n'),
  );
  const xlsx = Buffer.from(
    await workbook({ Payments: [header, ['spend', code, new Date(`${day}T00:00:00Z`), 10.25, 'X-1', 'Notary Systems']] }),
  );
  const send = async (name: string, buffer: Buffer) => {
    await page.goto(form);
    await page.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer });
    await check(page);
    await heading(page, 'Check: Upload a spreadsheet');
  };
  await send('wrong.csv', Buffer.from(csv.toString().replace('1 250,50', 'much')));
  expect(await row(page, '2')).toEqual(['2', expect.stringContaining('amount'), '“much”', 'This is no amount.', expect.any(String)]);

  await send('payments.csv', csv);
  expect(await textOf(page)).toContain('2 rows would be recorded.');
  await record(page);
  await heading(page, 'Receipt');
  expect(await row(page, 'Rows recorded')).toEqual(['Rows recorded', '2']);
  await send('payments.xlsx', xlsx);
  await record(page);
  expect(await row(page, 'Rows recorded')).toEqual(['Rows recorded', '1']);
  for (const [name, file, count] of [
    ['payments.csv', csv, 2],
    ['payments.xlsx', xlsx, 1],
  ] as const) {
    await send(name, file);
    expect(await textOf(page)).toMatch(new RegExp(`${count} rows? (is|are) on record already`));
    expect(await page.getByRole('button', { name: 'Record' }).count()).toBe(0);
  }
}

/** Signs out: from then on the workspace asks to sign in. */
export async function signOut(page: Page, url: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
  expect(await page.context().cookies()).toEqual([]);
  await page.goto(`${url}/workspace?lang=en`);
  await heading(page, 'Sign in');
}

/** The session ends while a form is being filled in: signed in again, the clerk finds it as it was. */
export async function signInAgain(page: Page, place: Place, programme: string): Promise<void> {
  await atWork(page, place, 'clerk', programme);
  await follow(page, 'Propose an initiative');
  await fill(page, { Code: 'kept', Русский: 'Сохранённая инициатива', Requested: '12 500' });
  await page.context().clearCookies();
  await check(page);
  await heading(page, 'Sign in');
  expect(await textOf(page)).toContain('What you filled in is kept, and shown again after you sign in.');
  await page.fill('#token', place.tokens.clerk);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Propose an initiative');
  expect(await textOf(page)).toContain('You were signed out, so this was not sent.');
  expect(await page.getByLabel('Русский').inputValue()).toBe('Сохранённая инициатива');
  await changeLanguage(page);
  await page.getByLabel('Code').press('Enter');
  await heading(page, 'Check: Propose an initiative');
}

/** Reads the form in Russian and in English again: what is typed in it, even since it came, stays. */
async function changeLanguage(page: Page): Promise<void> {
  await fill(page, { English: 'Kept initiative' });
  await page.getByRole('navigation').getByRole('button', { name: 'Русский' }).click();
  await heading(page, 'Предложить инициативу');
  await page.getByRole('navigation').getByRole('button', { name: 'English' }).click();
  await heading(page, 'Propose an initiative');
  expect(await page.getByLabel('English').inputValue()).toBe('Kept initiative');
}
