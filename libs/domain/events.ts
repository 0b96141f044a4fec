import type { CommitmentEvents } from './commitments/events.js';
import type { DeliveryEvents } from './delivery/events.js';
import type { LifecycleEvents } from './lifecycle/events.js';
import type { MoneyEvents } from './money/events.js';
import type { Reference } from './papers/references.js';
import type { ProgrammeEvents as OwnEvents } from './programme/events.js';
import type { RequestEvents } from './requests/events.js';
import type { StatementEvents } from './statements/events.js';
import type { Actor, IsoDate } from './vocabulary.js';

/** The events of a programme, with those of its requests and statements. */
export type ProgrammeEvents = OwnEvents & RequestEvents & StatementEvents;
export type InitiativeEvents = LifecycleEvents & MoneyEvents & CommitmentEvents & DeliveryEvents;

export type ProgrammeEventType = keyof ProgrammeEvents;
export type InitiativeEventType = keyof InitiativeEvents;
export type EventType = ProgrammeEventType | InitiativeEventType;

type Happened = {
  programme: string;
  /** The event's place in its initiative's (or programme's) own history: 1, 2, 3, … */
  version: number;
  occurredOn: IsoDate;
  /** Who sent the command. */
  actor: Actor;
  /** The papers that its command named. */
  references?: readonly Reference[];
  /** Who approved it, if it waited for a second person. */
  approvedBy?: Actor;
};

export type ProgrammeEvent = {
  [T in ProgrammeEventType]: Happened & { type: T; initiative?: never } & ProgrammeEvents[T];
}[ProgrammeEventType];
export type InitiativeEvent = {
  [T in InitiativeEventType]: Happened & { type: T; initiative: string } & InitiativeEvents[T];
}[InitiativeEventType];
/** An event of a programme or an initiative. Once recorded, it never changes. */
export type DomainEvent = ProgrammeEvent | InitiativeEvent;

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
/** An event that moves money of one fiscal year of an initiative. */
export type MoneyEvent = EventOf<keyof MoneyEvents>;
