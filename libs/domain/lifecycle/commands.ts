import type { IsoDate, Money, Nothing, TextChanges, Texts } from '../vocabulary.js';

/** What a proposal says of an initiative, and an amendment changes. The amount is in minor units. */
export type InitiativeTerms = {
  title: Texts;
  authority: string;
  authorityName?: string;
  requestedAmount?: Money;
  plannedStart?: IsoDate;
  plannedEnd?: IsoDate;
  region?: string;
  /** The function of government that it serves, a code of COFOG such as 04.6. */
  sector?: string;
};

/** The data of every command that moves an initiative through its life. */
export type LifecycleCommandData = {
  ProposeInitiative: InitiativeTerms;
  /** The title is merged by language. */
  AmendInitiative: Partial<Omit<InitiativeTerms, 'title'>> & { title?: TextChanges; reason: string };
  StartFinalizing: Nothing;
  FinalizeInitiative: Nothing;
  CancelInitiative: { reason: string; legalBasis: string };
  SuspendInitiative: { reason: string; legalBasis?: string };
  ResumeInitiative: { reason: string; legalBasis?: string };
};
