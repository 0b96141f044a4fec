import type { MoneySource } from '../papers/source.js';
import type { ApprovalRule, Thresholds } from '../requests/approvals.js';
import type { Ceiling, FiscalYear, IndicatorRule, IsoDate, Money, TextChanges, Texts, YearRule } from '../vocabulary.js';

/** The data of every command to a programme. Amounts are minor units, dates are ISO days in the programme's time zone. */
export type ProgrammeCommandData = {
  EstablishProgramme: {
    title: Texts;
    currency: string;
    timeZone: string;
    ceiling: Ceiling;
    years: YearRule;
    approvals?: readonly ApprovalRule[];
    thresholds?: Thresholds;
    indicators?: IndicatorRule;
  };
  GrantAppropriation: { fiscalYear: FiscalYear; amount: Money; legalBasis: string; source?: MoneySource };
  AdjustAppropriation: { fiscalYear: FiscalYear; adjustmentId: string; change: Money; legalBasis: string };
  CloseFiscalYear: { fiscalYear: FiscalYear };
  ReopenFiscalYear: { fiscalYear: FiscalYear; reason: string; legalBasis: string };
  /** The title is merged by language; the establishment moves back, never forward; approvals and thresholds replace the former ones. */
  AmendProgramme: {
    title?: TextChanges;
    establishedOn?: IsoDate;
    approvals?: readonly ApprovalRule[];
    thresholds?: Thresholds;
    indicators?: IndicatorRule;
    reason: string;
  };
};
