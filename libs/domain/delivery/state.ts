import type { DeliveryKind } from '../permanent-ids.js';
import type { Decimal, IsoDate } from '../vocabulary.js';
import type { MilestoneStatus } from './commands.js';

/** How many milestones and indicators an initiative has. */
export type DeliveryCounts = { readonly milestones: number; readonly indicators: number };

type DeliverableFacts<K extends DeliveryKind> = {
  readonly kind: K;
  readonly programme: string;
  readonly initiative?: string;
  readonly id: string;
  /** The data of its event as canonical text. The same id with other content is refused. */
  readonly content: string;
  readonly occurredOn: IsoDate;
};
/** A milestone as last forecast and last reported. */
export type MilestoneState = DeliverableFacts<'milestone'> & {
  readonly dueOn: IsoDate;
  readonly forecasts: number;
  readonly reports: number;
  readonly reported?: { readonly status: MilestoneStatus; readonly reason?: string; readonly on: IsoDate };
};
/** A result as last corrected. */
export type ResultState = DeliverableFacts<'result'> & {
  readonly indicatorId: string;
  readonly value: Decimal;
  readonly corrections: number;
};
export type IndicatorState = DeliverableFacts<'indicator'>;
export type AssessmentState = DeliverableFacts<'assessment'>;

/** A thing with a permanent id that an initiative delivers or is judged by. */
export type Deliverable = MilestoneState | ResultState | IndicatorState | AssessmentState;
