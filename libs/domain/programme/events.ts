import type { FiscalYear, IsoDate, Nothing, Texts } from '../vocabulary.js';
import type { ProgrammeCommandData } from './commands.js';

/** What happens to a programme. `data` is what was decided upon, `context` what readers need to fold it. */
export type ProgrammeEvents = {
  ProgrammeEstablished: { data: ProgrammeCommandData['EstablishProgramme']; context: Nothing };
  AppropriationGranted: { data: ProgrammeCommandData['GrantAppropriation']; context: { fiscalYear: FiscalYear } };
  AppropriationAdjusted: { data: ProgrammeCommandData['AdjustAppropriation']; context: { fiscalYear: FiscalYear } };
  FiscalYearClosed: { data: ProgrammeCommandData['CloseFiscalYear']; context: { fiscalYear: FiscalYear } };
  FiscalYearReopened: { data: ProgrammeCommandData['ReopenFiscalYear']; context: { fiscalYear: FiscalYear } };
  /** What changes, as it is from now on: the title in all its languages. */
  ProgrammeAmended: { data: { title?: Texts; establishedOn?: IsoDate; reason: string }; context: Nothing };
};
