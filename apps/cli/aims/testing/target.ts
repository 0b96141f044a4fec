import type { TestLedger } from '../../../../libs/command-processing/testing/ledger.js';
import { importOrganisation } from '../../../../libs/domain/vocabulary.js';
import { embeddedTarget } from '../../import-targets/embedded-target.js';
import { importRelease, type ImportRequest } from '../import.js';
import type { ImportReport } from '../report.js';

/** A request to import a folder into programme `aid` today, by the test ledger's clock. */
export function requestOf(ledger: TestLedger, folder: string, more: Partial<ImportRequest> = {}): ImportRequest {
  return {
    folder,
    programme: 'aid',
    currency: 'USD',
    digits: 2,
    language: 'en',
    importer: { id: 'importer', organisation: importOrganisation },
    finance: 'ministry-of-finance',
    now: ledger.clock.now,
    title: 'Aid',
    timeZone: 'Asia/Kathmandu',
    ...more,
  };
}

/** Imports a folder into the test ledger. */
export function importInto(ledger: TestLedger, folder: string, more: Partial<ImportRequest> = {}): Promise<ImportReport> {
  return importRelease(requestOf(ledger, folder, more), embeddedTarget(ledger.commands, ledger.log));
}
