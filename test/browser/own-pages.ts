/** The pages of the workspace in the demo, by whom they are opened. Those that answer a form are opened by filling it in. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { shown } from './journeys/place.js';
import type { Role } from './people.js';

/** Opens an address of the ledger in the language under test. */
export type Go = (path: string) => Promise<unknown>;
/** How a page is opened: at its address, or by more than that. */
export type Opening = string | ((page: Page, go: Go) => Promise<unknown>);

const home = '/workspace/p/digital-kyrgyzstan';
/** An initiative of the ministry of justice that still has money of 2024. */
const own = `${home}/i/legal-aid-register`;

const sheets = 'test/data/sheets';

/** Fills in fields by their names. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(text);
}
/** Presses the button of a step that people see, and waits for the page that answers. A hidden one before the languages serves the Enter key. */
async function press(page: Page, step: 'check' | 'record' | 'edit' | 'paper'): Promise<void> {
  await page.locator(`button[value=${step}]:not([tabindex="-1"])`).click();
}
const filled = (path: string, fields: Readonly<Record<string, string>>) => async (page: Page, go: Go) => {
  await go(path);
  await fill(page, fields);
  await press(page, 'check');
};
const uploaded = (file: string) => async (page: Page, go: Go) => {
  await go(`${home}/upload`);
  await page.setInputFiles('#file', file === '' ? [] : resolve(sheets, file));
  await page.locator('main form.form button').click();
};

/** Uploads payments that nobody uploaded before. */
async function ofRows(page: Page, go: Go): Promise<void> {
  await go(`${home}/upload`);
  const rows = ['T-1', 'T-2'].map((id) => `spend,legal-aid-register,2024-08-01,10.50,${id}-${Date.now()},"Notary ""Systems"""`);
  const buffer = Buffer.from(['command,initiative,date,amount,id,payee', ...rows].join('\n'));
  await page.setInputFiles('#file', { name: 'payments.csv', mimeType: 'text/csv', buffer });
  await page.locator('main form.form button').click();
}

const payment = { amount: '1 000', payee: 'Supplier 7', occurredOn: '2024-08-01' };

export const ownPages: Readonly<Record<Role, Readonly<Record<string, Opening>>>> = {
  clerk: {
    'clerk-work': home,
    'clerk-work-none': `${home}?status=cancelled`,
    'clerk-initiative': own,
    'clerk-today': `${home}/today`,
    'clerk-entries': `${home}/entries`,
    propose: `${home}/send/proposal`,
    'propose-faults': filled(`${home}/send/proposal`, { initiative: 'E Notary', requestedAmount: '1.234,5x' }),
    'propose-check': filled(`${home}/send/proposal`, {
      initiative: 'e-court',
      'title.ky': 'Электрондук сот',
      'title.ru': 'Электронный суд',
      'title.en': 'Electronic court',
      requestedAmount: '12 500 000',
      plannedStart: '2025-01-15',
      plannedEnd: '2026-12-31',
      region: 'Чүй',
    }),
    spending: `${own}/send/spending`,
    'spending-check': filled(`${own}/send/spending`, payment),
    'spending-refused': filled(`${own}/send/spending`, { ...payment, amount: '900 000 000' }),
    'spending-receipt': async (page, go) => {
      await filled(`${own}/send/spending`, payment)(page, go);
      await press(page, 'record');
    },
    'spending-twice': filled(`${own}/send/spending`, payment),
    correction: (page, go) => toCorrection(page, go),
    'correction-check': async (page, go) => {
      await toCorrection(page, go);
      await fill(page, { amount: '900', reason: 'A comma too few.' });
      await press(page, 'check');
    },
    reversal: `${own}/send/reversal?transactionId=T-2024-1`,
    return: `${own}/send/return`,
    commitment: `${own}/send/commitment`,
    'commitment-check': filled(`${own}/send/commitment`, { supplier: 'Fibre "Networks"', amount: '250 000', occurredOn: '2024-08-01' }),
    'commitment-change': `${own}/send/commitment-change?commitmentId=C-1`,
    'commitment-release': `${own}/send/commitment-release?commitmentId=C-1`,
    'commitment-papers': async (page, go) => {
      await go(`${own}/send/commitment`);
      await press(page, 'paper');
      await fill(page, { supplier: 'Fibre "Networks"', amount: '250 000', 'references.0.url': 'ftp://files' });
      await press(page, 'check');
    },
    indicator: `${own}/send/indicator`,
    'clerk-requests': `${home}/requests`,
    finalization: `${own}/send/finalization`,
    amendment: `${own}/send/amendment`,
    upload: `${home}/upload`,
    'upload-missing': uploaded(''),
    'upload-faults': uploaded('faults.csv'),
    'upload-refused': uploaded('refused.csv'),
    'upload-check': ofRows,
    'upload-receipt': async (page, go) => {
      await ofRows(page, go);
      await page.locator('main form.form button').click();
    },
    'not-for-clerks': `${home}/funding`,
    'not-there': `${home}/i/nothing-like-it`,
  },
  finance: {
    'finance-work': home,
    'finance-initiative': own,
    requests: withRequest,
    'request-withdrawal': (page, go) => toRequest(page, go, 'withdrawal'),
    'request-approval': (page, go) => toRequest(page, go, 'approval'),
    'request-approval-check': async (page, go) => {
      await toRequest(page, go, 'approval');
      await press(page, 'check');
    },
    'request-return': (page, go) => toRequest(page, go, 'return'),
    transfer: `${own}/send/transfer`,
    'transfer-check': filled(`${own}/send/transfer`, {
      to: 'backup-data-centre',
      fiscalYear: '2024',
      amount: '1 000',
      legalBasis: 'Order',
      occurredOn: '2024-09-30',
    }),
    'carry-over': `${own}/send/carry-over`,
    funding: `${own}/send/funding`,
    absorption: `${home}/absorption`,
    'absorption-all': `${home}/absorption?atLeast=1`,
    'fund-several': `${home}/funding`,
    'fund-several-faults': async (page, go) => {
      await go(`${home}/funding`);
      await page.locator('input[type=checkbox]').first().check();
      await page.locator('input[name^="amount."]').first().fill('much');
      await press(page, 'check');
    },
    'fund-several-check': async (page, go) => {
      await go(`${home}/funding`);
      for (const one of await page.locator('input[type=checkbox]').all()) await one.check();
      await fill(page, { fiscalYear: '2024', occurredOn: '2024-09-30' });
      await press(page, 'check');
    },
    'year-end': `${home}/years/2024`,
    appropriation: `${home}/send/appropriation`,
    'closing-refused': filled(`${home}/send/closing`, { fiscalYear: '2024' }),
    reopening: `${home}/send/reopening?fiscalYear=2023`,
    'finance-upload': `${home}/upload`,
  },
  auditor: {
    'audit-work': home,
    'audit-entries': `${home}/entries?organisation=ministry-of-justice&late=true`,
    'audit-refusals': `${home}/entries?refused=true`,
    'audit-requests': `${home}/requests`,
    verification: `${home}/verification`,
  },
};

/** Opens the requests of somebody who has sent one; what the demo left waiting has expired long ago. */
async function withRequest(page: Page, go: Go): Promise<string> {
  const sent = page.locator('a[href*="/withdrawal"]');
  await go(`${home}/requests`);
  if ((await sent.count()) === 0) {
    await filled(`${own}/send/funding`, { fiscalYear: '2024', amount: '6 000 000', occurredOn: '2024-09-30' })(page, go);
    await press(page, 'record');
    await go(`${home}/requests`);
    await shown(page, sent);
  }
  return (await sent.first().getAttribute('href')) ?? '';
}
/** Goes to the form that decides on a request. */
async function toRequest(page: Page, go: Go, decision: 'approval' | 'return' | 'withdrawal'): Promise<void> {
  const withdrawal = new URL(await withRequest(page, go), page.url()).pathname;
  await go(withdrawal.replace(/withdrawal$/, decision));
}

async function toCorrection(page: Page, go: Go): Promise<void> {
  await go(own);
  await page.locator('a[href*="/corrections/"]').last().click();
}
