import type { OfSource } from '../papers/source.js';
import type { ApprovalRule, Thresholds } from '../requests/approvals.js';
import type { FiscalYear, IndicatorRule, IsoDate, Nothing, Texts } from '../vocabulary.js';
import type { ProgrammeCommandData } from './commands.js';

/** Events of a programme. `data` is what was decided, `context` what readers need to fold it. */
export type ProgrammeEvents = {
  ProgrammeEstablished: { data: ProgrammeCommandData['EstablishProgramme']; context: Nothing };
  AppropriationGranted: { data: ProgrammeCommandData['GrantAppropriation']; context: { fiscalYear: FiscalYear } };
  /** The source is that of the appropriation. */
  AppropriationAdjusted: { data: ProgrammeCommandData['AdjustAppropriation']; context: { fiscalYear: FiscalYear } & OfSource };
  FiscalYearClosed: { data: ProgrammeCommandData['CloseFiscalYear']; context: { fiscalYear: FiscalYear } };
  FiscalYearReopened: { data: ProgrammeCommandData['ReopenFiscalYear']; context: { fiscalYear: FiscalYear } };
  /** The changed terms with their new values; a changed title has all its languages. */
  ProgrammeAmended: {
    data: {
      title?: Texts;
      establishedOn?: IsoDate;
      approvals?: readonly ApprovalRule[];
      thresholds?: Thresholds;
      indicators?: IndicatorRule;
      reason: string;
    };
    context: Nothing;
  };
};
