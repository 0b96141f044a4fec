/** A programme whose initiative has money to spend, and tokens of those who send and read. */
import assert from 'node:assert/strict';
import { openTestApplication } from './application.js';

/** The address of the programme. */
export const p = '/programmes/p';
/** The address of the initiative. */
export const i = `${p}/initiatives/i`;

export type FundedInitiative = Awaited<ReturnType<typeof openFundedInitiative>>;

/** Resolves once the initiative can be read with its funding. */
export async function openFundedInitiative() {
  const app = await openTestApplication();
  const [admin, finance, justice, health, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('ministry', 'ministry-of-health'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  const answers = [
    await app.send('PUT', p, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' },
    }),
    await app.send('POST', `${p}/appropriations`, { token: finance, body: { fiscalYear: 2024, amount: '100000', legalBasis: 'law' } }),
    await app.send('POST', `${p}/initiatives`, {
      token: justice,
      body: { initiative: 'i', title: { en: 'I', ky: 'И' }, authority: 'ministry-of-justice', requestedAmount: '80000' },
    }),
    await app.send('POST', `${i}/funding`, { token: finance, body: { fundingId: 'F-1', fiscalYear: 2024, amount: '80000' } }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201, 201, 201],
  );
  const positionOfP = async () => (await app.ledger.records()).filter(({ programme }) => programme === 'p').length;
  const folded = await app.send('GET', i, { headers: { 'ledger-position': String(await positionOfP()) } });
  assert.equal(folded.status, 200);
  return {
    ...{ app, admin, finance, justice, health, auditor },
    /** The number of records of the whole ledger. */
    recorded: async () => (await app.ledger.records()).length,
    /** The position of the programme’s last record. */
    positionOfP,
  };
}

/** The body of a command that spends 100 from the initiative. */
export const spending = (more: object = {}) => ({ transactionId: 'T-1', amount: '100', ...more });
