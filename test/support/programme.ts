import { Client, type Answer } from './client.js';
import { tokenFor } from './ledger-process.js';
import { thisYear, timeZone } from './days.js';
import { patience } from './patience.js';

/** Clients in every role for the ledger at `url` with its key in `dataDir`. */
export async function clientsFor(url: string, dataDir: string) {
  const [admin, finance, ministry, auditor] = await Promise.all([
    tokenFor(dataDir, 'admin', 'cabinet'),
    tokenFor(dataDir, 'finance', 'ministry-of-finance'),
    tokenFor(dataDir, 'ministry', 'ministry-of-justice'),
    tokenFor(dataDir, 'auditor', 'chamber-of-accounts'),
  ]);
  const anyone = new Client(url);
  return { anyone, admin: anyone.as(admin), finance: anyone.as(finance), ministry: anyone.as(ministry), auditor: anyone.as(auditor) };
}
export type Clients = Awaited<ReturnType<typeof clientsFor>>;

/** Establishes a programme, and funds an initiative of the ministry of justice with an amount in minor units. */
export async function fundInitiative(
  { admin, finance, ministry }: Clients,
  amount: string,
  programme = 'p',
  initiative = 'i',
): Promise<void> {
  const to = `/programmes/${programme}`;
  const establishing = { title: { en: 'P' }, currency: 'KGS', timeZone, ceiling: 'enforced', years: 'annual' };
  const proposing = { initiative, title: { en: 'I' }, authority: 'ministry-of-justice' };
  const steps: ((key: Record<string, string>) => Promise<Answer>)[] = [
    (key) => admin.put(to, establishing, key),
    (key) => finance.post(`${to}/appropriations`, { fiscalYear: thisYear, amount, legalBasis: 'law' }, key),
    (key) => ministry.post(`${to}/initiatives`, proposing, key),
    (key) => finance.post(`${to}/initiatives/${initiative}/funding`, { fundingId: 'F-1', fiscalYear: thisYear, amount }, key),
  ];
  for (const [index, step] of steps.entries()) {
    const key = { 'idempotency-key': `fund-${index}` };
    let answer = await step(key);
    // While partitions change owners, senders get 503 and must try again.
    for (const end = Date.now() + patience; answer.status === 503 && Date.now() < end;) answer = await step(key);
    if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`);
  }
}
