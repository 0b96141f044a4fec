import { refuse } from './refusal.js';
import type { IsoDate } from './vocabulary.js';

/** @throws {Refusal} `date-out-of-order`: nothing is dated after today */
export function refuseFuture(occurredOn: IsoDate, today: IsoDate): void {
  if (occurredOn > today) refuse('date-out-of-order', `nothing is dated after today, ${today}; the command says ${occurredOn}`);
}

/** @throws {Refusal} `date-out-of-order`: nothing is dated before what it refers to */
export function refuseBefore(occurredOn: IsoDate, what: string, on: IsoDate): void {
  if (occurredOn < on)
    refuse('date-out-of-order', `${what} is of ${on}; nothing about it is dated before, and the command says ${occurredOn}`);
}
