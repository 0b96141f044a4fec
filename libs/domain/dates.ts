import { refuse } from './refusal.js';
import type { Initiative, Programme } from './state.js';
import type { IsoDate } from './vocabulary.js';

/** @throws {Refusal} `date-out-of-order`: nothing is dated after today */
export function refuseFuture(occurredOn: IsoDate, today: IsoDate): void {
  if (occurredOn > today) refuse('date-out-of-order', `nothing is dated after today, ${today}; the command says ${occurredOn}`);
}

/** @throws {Refusal} `date-out-of-order`: nothing is dated before what it refers to; `remedy` says what the sender can do other than name a later day */
export function refuseBefore(occurredOn: IsoDate, what: string, on: IsoDate, remedy = ''): void {
  if (occurredOn < on)
    refuse('date-out-of-order', `${what} is of ${on}; nothing about it is dated before, and the command says ${occurredOn}${remedy}`);
}

/** @throws {Refusal} `date-out-of-order`: nothing of a programme is dated before its establishment */
export function refuseBeforeProgramme(occurredOn: IsoDate, { code, establishedOn }: Pick<Programme, 'code' | 'establishedOn'>): void {
  refuseBefore(occurredOn, `the establishment of ${code}`, establishedOn, '; an admin may amend the programme to an earlier one');
}

/** @throws {Refusal} `date-out-of-order`: money of an initiative moves on the day of its first funding or later */
export function refuseBeforeFunding(occurredOn: IsoDate, { code, fundedOn }: Pick<Initiative, 'code' | 'fundedOn'>): void {
  if (fundedOn !== undefined) refuseBefore(occurredOn, `the first funding of ${code}`, fundedOn);
}
