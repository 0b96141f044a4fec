import type { TestLedger } from '../../../../libs/command-processing/testing/ledger.js';
import { importRelease } from '../import.js';
import type { PlanOptions } from '../plan.js';
import type { ImportReport } from '../report.js';
import type { ImportTarget } from '../target.js';

/** An import on 1 June 2024, the day the test ledger's clock stands at. */
export const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({
  programme: 'aid',
  currency: 'USD',
  digits: 2,
  language: 'en',
  importer: { id: 'importer', organisation: 'registry' },
  finance: 'ministry-of-finance',
  today: '2024-06-01',
  asOf: '2024-06-01',
  ...more,
});

/** The test ledger as a target, straight through its processor. */
export function targetOf(ledger: TestLedger): ImportTarget {
  return {
    async *records(programme) {
      for (const record of await ledger.records()) if (record.programme === programme) yield record;
    },
    async submitAll(commands) {
      const outcomes = await ledger.commands.submitAll(commands);
      return outcomes.map((outcome) =>
        outcome.kind === 'accepted' ? { accepted: true } : { accepted: false, code: outcome.code, detail: outcome.detail },
      );
    },
  };
}

/** Imports a folder into the test ledger. */
export function importInto(ledger: TestLedger, folder: string, planOptions: PlanOptions): Promise<ImportReport> {
  return importRelease({ folder, options: planOptions, title: 'Aid', timeZone: 'Asia/Kathmandu' }, targetOf(ledger));
}
