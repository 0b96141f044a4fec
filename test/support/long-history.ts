import { ownKey, signToken } from '../../apps/standalone/own-key.js';
import type { Role } from '../../libs/domain/vocabulary.js';
import { Client } from './client.js';
import { thisYear, timeZone } from './days.js';

const claims = { issuer: 'initiative-ledger', audience: 'initiative-ledger', type: 'at+jwt' };
/** The number of initiatives of a programme, and of events of its initiative `i-0`, for the most expensive reads. */
export type Sizes = { initiatives: number; events: number };
export const usualSizes: Sizes = { initiatives: 1_000, events: 8_000 };
/** Lines of a batch. */
const atOnce = 10_000;

export type Tokens = { admin: string; finance: string; ministry: string; auditor: string; stranger: string };

export async function tokensOf(folder: string): Promise<Tokens> {
  const key = await ownKey(folder);
  const token = (role: Role, organisation: string) =>
    signToken(key, { role, organisation, subject: `${organisation}.${role}`, lifetime: '4h' }, claims);
  return {
    admin: await token('admin', 'cabinet'),
    finance: await token('finance', 'ministry-of-finance'),
    ministry: await token('ministry', 'ministry-of-justice'),
    auditor: await token('auditor', 'chamber-of-accounts'),
    stranger: await token('auditor', 'stranger'),
  };
}

/** A programme of funded initiatives, one of which has a long history. */
export async function prepareProgramme(url: string, tokens: Tokens, { initiatives, events }: Sizes = usualSizes): Promise<void> {
  const [admin, finance, ministry] = [new Client(url, tokens.admin), new Client(url, tokens.finance), new Client(url, tokens.ministry)];
  await admin.put('/programmes/p', { title: { en: 'P' }, currency: 'KGS', timeZone, ceiling: 'enforced', years: 'annual' });
  await finance.post('/programmes/p/appropriations', { fiscalYear: thisYear, amount: '9000000000000000', legalBasis: 'law' });
  const codes = Array.from({ length: initiatives }, (_, index) => `i-${index}`);
  await all(
    ministry,
    codes.map((initiative) => ({
      commandId: `p-${initiative}`,
      type: 'ProposeInitiative',
      initiative,
      data: { title: { en: `Initiative ${initiative}`, ky: 'Демилге' }, authority: 'ministry-of-justice' },
    })),
  );
  await all(
    finance,
    codes.map((initiative) => ({
      commandId: `f-${initiative}`,
      type: 'FundInitiative',
      initiative,
      data: { fundingId: 'F-1', fiscalYear: thisYear, amount: '1000000000' },
    })),
  );
  await all(
    ministry,
    Array.from({ length: events }, (_, index) => ({
      commandId: `s-${index}`,
      type: 'RecordSpending',
      initiative: 'i-0',
      data: { transactionId: `S-${index}`, amount: '1' },
    })),
  );
}

async function all(client: Client, lines: readonly object[]): Promise<void> {
  for (let from = 0; from < lines.length; from += atOnce) {
    const refused = (await client.batch('p', lines.slice(from, from + atOnce))).find(({ status }) => status !== 201);
    if (refused) throw new Error(`the programme could not be prepared: ${JSON.stringify(refused)}`);
  }
}
