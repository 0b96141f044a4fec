import type { Capability } from '../capability.js';
import type { ProgrammeCommandData } from './commands.js';

/** What can be done to a programme and its money of a fiscal year. */
export const programmeCapabilities = {
  EstablishProgramme: { by: ['admin'], event: 'ProgrammeEstablished', refusals: ['programme-exists'] },
  GrantAppropriation: {
    by: ['finance'],
    brings: 'appropriation',
    event: 'AppropriationGranted',
    refusals: ['appropriation-exists', 'fiscal-year-closed', 'amount-too-large'],
  },
  AdjustAppropriation: {
    by: ['finance'],
    brings: 'appropriation-adjustment',
    event: 'AppropriationAdjusted',
    refusals: [
      'appropriation-adjustment-exists',
      'unknown-appropriation',
      'appropriation-below-funding',
      'fiscal-year-closed',
      'amount-too-large',
    ],
  },
  CloseFiscalYear: {
    by: ['finance'],
    event: 'FiscalYearClosed',
    refusals: ['unknown-fiscal-year', 'fiscal-year-closed', 'fiscal-year-not-over', 'year-has-open-funds'],
  },
  ReopenFiscalYear: { by: ['finance'], event: 'FiscalYearReopened', refusals: ['fiscal-year-open', 'separation-of-duties'] },
  AmendProgramme: { by: ['admin'], event: 'ProgrammeAmended', refusals: ['nothing-to-amend', 'title-languages'] },
} as const satisfies { [T in keyof ProgrammeCommandData]: Capability<T> };
