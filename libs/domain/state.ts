import type { KeptKind, MovementKind } from './permanent-ids.js';
import type { OpenCommitment } from './commitments/open.js';
import type { Deliverable, DeliveryCounts } from './delivery/state.js';
import type { InitiativeTerms } from './lifecycle/commands.js';
import type { OfSource } from './papers/source.js';
import type { ApprovalRule, ApproverRole, Thresholds } from './requests/approvals.js';
import type { HeldCommand } from './requests/events.js';
import type { Actor, Ceiling, FiscalYear, IndicatorRule, IsoDate, Money, Status, Sums, Texts, YearRule } from './vocabulary.js';

/** The state of one of a programme's fiscal years that decisions need. */
export type YearState = OfSource & {
  /** Absent until an appropriation is granted. */
  readonly appropriated?: Money;
  readonly grantedOn?: IsoDate;
  readonly funded: Money;
  readonly spent: Money;
  /** Returned while the year was open, or before it was reopened: money that gives room in the appropriation. */
  readonly returned: Money;
  /** Returned since the year was closed, for example after a correction. */
  readonly returnedSinceClosing?: Money;
  /** Σ open commitments of its initiatives; absent if nothing is committed. */
  readonly committed?: Money;
  /** How many initiatives have money of this year that is neither spent nor returned, or have spent beyond it. */
  readonly initiativesWithOpenFunds: number;
  readonly closed: boolean;
  /** Who closed it, and when; absent while it is open. */
  readonly closing?: { readonly by: Actor; readonly on: IsoDate };
};

/** The state of a programme that decisions need. `version` counts only the programme's own events. */
export type Programme = {
  readonly code: string;
  readonly version: number;
  readonly title: Texts;
  readonly currency: string;
  readonly timeZone: string;
  readonly ceiling: Ceiling;
  readonly years: YearRule;
  /** Absent: indicators are optional. */
  readonly indicators?: IndicatorRule;
  /** As last amended. */
  readonly establishedOn: IsoDate;
  /** The establishing command's data as canonical text. The same command again changes nothing, even after amendments. */
  readonly established: { readonly content: string; readonly occurredOn: IsoDate };
  readonly fiscalYears: Readonly<Record<FiscalYear, YearState>>;
  /** Which commands wait for a second person; absent until they are set. */
  readonly approvals?: readonly ApprovalRule[];
  readonly thresholds?: Thresholds;
  /** The position that its last statement is of; absent until there is one. */
  readonly statement?: number;
  /** The position of the last order of a statement; absent once a statement of that position or a later one is published. */
  readonly ordered?: number;
};

type InitiativeFacts = {
  readonly programme: string;
  readonly code: string;
  readonly version: number;
  /** As last amended; `terms.authority` runs the initiative. */
  readonly terms: Readonly<InitiativeTerms>;
  readonly proposedOn: IsoDate;
  readonly proposedBy: Actor;
  /** The earliest day of its funding. */
  readonly fundedOn?: IsoDate;
  readonly suspended: boolean;
  readonly years: Readonly<Record<FiscalYear, Sums>>;
  /** Those with money left, in the order in which they were opened; absent if there are none. */
  readonly commitments?: readonly OpenCommitment[];
  /** Absent while it has no milestone and no indicator. */
  readonly delivery?: DeliveryCounts;
};
type Ended = { readonly suspended: false; readonly finalizationStartedBy?: never };
/** The state of an initiative that decisions need. `finalizationStartedBy` exists exactly while it is finalizing; an ended initiative is never suspended. */
export type Initiative =
  | (InitiativeFacts & {
      readonly status: Exclude<Status, 'finalizing' | 'finalized' | 'cancelled'>;
      readonly finalizationStartedBy?: never;
    })
  | (InitiativeFacts & { readonly status: 'finalizing'; readonly finalizationStartedBy: Actor })
  | (InitiativeFacts & Ended & { readonly status: 'finalized' })
  | (InitiativeFacts & Ended & { readonly status: 'cancelled' });

/** The key of what has a permanent id: a movement of money, or a thing of delivery. */
export type KeptKey = { readonly kind: KeptKind; readonly programme: string; readonly initiative?: string; readonly id: string };
/** The key of a movement of money. */
export type MovementKey = KeptKey & { readonly kind: MovementKind };

/** A movement of money, kept so that a repeat changes nothing and a correction finds the movement it corrects. */
export type Movement = MovementKey &
  OfSource & {
    /** The data of its event as canonical text. The same id with other content is refused. */
    readonly content: string;
    readonly occurredOn: IsoDate;
    readonly fiscalYear: FiscalYear;
    /** Its net amount: a spending less its reversals, a funding with its adjustments, what is left of a commitment. */
    readonly net: Money;
    /** The commitment that a spending was drawn from. */
    readonly commitmentId?: string;
    /** Of a commitment that is over: no drawing, change or reversal reopens it. */
    readonly released?: true;
  };

/** What is kept under a permanent id. */
export type Kept = Movement | Deliverable;

type RequestFacts = {
  readonly programme: string;
  readonly id: string;
  readonly submittedBy: Actor;
  readonly submittedOn: IsoDate;
  /** The role whose approval it waits for, through `expiresOn`. */
  readonly role: ApproverRole;
  readonly expiresOn: IsoDate;
};
/** A command that waits for a second person. It may have expired. */
export type OpenRequest = RequestFacts & { readonly command: HeldCommand; readonly ended?: never };
/** The state of a request that decisions need: it holds its command until it has ended. */
export type Request =
  | OpenRequest
  | (RequestFacts & {
      readonly command?: never;
      readonly ended: { readonly as: 'approved' | 'returned' | 'withdrawn'; readonly on: IsoDate };
    });

/** Everything that one decision needs. An absent field is unknown to the ledger. */
export type Situation = {
  readonly programme?: Programme;
  /** The position of the programme's latest record. */
  readonly head?: number;
  readonly initiative?: Initiative;
  /** The initiative that takes the money of a transfer. */
  readonly taker?: Initiative;
  /** The recorded movement, or thing of delivery, with the id of this command. */
  readonly movement?: Kept;
  /**
   * The movement that this command refers to (the spending it reverses, the funding it adjusts, the commitment it draws from), or the thing of delivery that
   * it is about.
   */
  readonly origin?: Kept;
  /** The commitment that the origin, a spending, was drawn from. */
  readonly commitment?: Movement;
  /** The one open request that holds a command with the same id, while the ledger knows no such {@link movement}. It may have expired. */
  readonly awaited?: OpenRequest;
  /** The request that this command ends. Everything else is then what its held command needs. */
  readonly request?: Request;
};
