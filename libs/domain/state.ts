import type { MovementKind } from './capabilities.js';
import type { InitiativeTerms } from './lifecycle/commands.js';
import type { Actor, Ceiling, FiscalYear, IsoDate, Money, Status, Sums, Texts, YearRule } from './vocabulary.js';

/** What deciding needs to know of one fiscal year of a programme. */
export type YearState = {
  /** Absent until an appropriation is granted. */
  readonly appropriated?: Money;
  readonly grantedOn?: IsoDate;
  readonly funded: Money;
  readonly spent: Money;
  /** What gives room in the appropriation back: returned while the year was open, or before it was reopened. */
  readonly returned: Money;
  /** Returned since the year was closed, as after a correction. */
  readonly returnedSinceClosing?: Money;
  /** How many initiatives have something of this year neither spent nor returned (or spent beyond it). */
  readonly initiativesWithOpenFunds: number;
  readonly closed: boolean;
  /** By whom and when it was closed, while it is. */
  readonly closing?: { readonly by: Actor; readonly on: IsoDate };
};

/** What deciding needs to know of a programme. `version` counts its own events only. */
export type Programme = {
  readonly code: string;
  readonly version: number;
  readonly title: Texts;
  readonly currency: string;
  readonly timeZone: string;
  readonly ceiling: Ceiling;
  readonly years: YearRule;
  /** As last amended. */
  readonly establishedOn: IsoDate;
  /** What it was established with, as canonical text: the same again changes nothing, whatever was amended since. */
  readonly established: { readonly content: string; readonly occurredOn: IsoDate };
  readonly fiscalYears: Readonly<Record<FiscalYear, YearState>>;
};

type InitiativeFacts = {
  readonly programme: string;
  readonly code: string;
  readonly version: number;
  /** As last amended; who runs it is `terms.authority`. */
  readonly terms: Readonly<InitiativeTerms>;
  readonly proposedOn: IsoDate;
  readonly proposedBy: Actor;
  /** The earliest day on which it was given money. */
  readonly fundedOn?: IsoDate;
  readonly suspended: boolean;
  readonly years: Readonly<Record<FiscalYear, Sums>>;
};
type Ended = { readonly suspended: false; readonly finalizationStartedBy?: never };
/** What deciding needs to know of an initiative. Who started finalising is known exactly when somebody did; an ended one is never suspended. */
export type Initiative =
  | (InitiativeFacts & {
      readonly status: Exclude<Status, 'finalizing' | 'finalized' | 'cancelled'>;
      readonly finalizationStartedBy?: never;
    })
  | (InitiativeFacts & { readonly status: 'finalizing'; readonly finalizationStartedBy: Actor })
  | (InitiativeFacts & Ended & { readonly status: 'finalized' })
  | (InitiativeFacts & Ended & { readonly status: 'cancelled' });

/** What a movement of money is found by. */
export type MovementKey = { readonly kind: MovementKind; readonly programme: string; readonly initiative?: string; readonly id: string };

/** One movement of money, kept so that the same again changes nothing and a correction finds what it corrects. */
export type Movement = MovementKey & {
  /** The data it was recorded with, as canonical text: the same id with other content is refused. */
  readonly content: string;
  readonly occurredOn: IsoDate;
  readonly fiscalYear: FiscalYear;
  /** What is left of it: a spending less its reversals, a funding with its adjustments. */
  readonly net: Money;
};

/** Everything one decision looks at; absent is unknown to the ledger. */
export type Situation = {
  readonly programme?: Programme;
  readonly initiative?: Initiative;
  /** The movement with the id this command brings. */
  readonly movement?: Movement;
  /** The movement this command refers to: the spending it reverses, the funding it adjusts. */
  readonly origin?: Movement;
};
