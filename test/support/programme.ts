import { Client } from './client.js';
import { tokenFor } from './ledger-process.js';

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

export const thisYear = new Date().getUTCFullYear();

/** Establishes a programme, `p` where none is named, and funds initiative `i` of the ministry of justice with an amount in minor units. */
export async function fundInitiative({ admin, finance, ministry }: Clients, amount: string, programme = 'p'): Promise<void> {
  const answers = [
    await admin.put(`/programmes/${programme}`, {
      title: { en: 'P' },
      currency: 'KGS',
      timeZone: 'Asia/Bishkek',
      ceiling: 'enforced',
      years: 'annual',
    }),
    await finance.post(`/programmes/${programme}/appropriations`, { fiscalYear: thisYear, amount, legalBasis: 'law' }),
    await ministry.post(`/programmes/${programme}/initiatives`, { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' }),
    await finance.post(`/programmes/${programme}/initiatives/i/funding`, { fundingId: 'F-1', fiscalYear: thisYear, amount }),
  ];
  for (const { status, text } of answers) if (status !== 201) throw new Error(`${status}: ${text}`);
}
