import { Injectable } from '@nestjs/common';
import type { Asked } from '../../application/reading.js';
import { daysBetween } from '../../domain/calendar.js';
import type { IsoDate, Money } from '../../domain/vocabulary.js';
import { WorkspaceReads } from './reads.js';

/** A payment that is about to be recorded. The amount is in minor units. */
export type Payment = {
  readonly programme: string;
  readonly initiative: string;
  readonly payee: string;
  readonly amount: Money;
  readonly occurredOn: IsoDate;
};
/** A payment on record. */
export type EarlierPayment = {
  readonly initiative: string;
  readonly transactionId: string;
  readonly occurredOn: IsoDate;
  readonly version: number;
};

/** Payments of the same amount to the same payee this many days apart, or fewer, may be one payment recorded twice. */
export const suspiciousDays = 30;

/** Finds payments that a new one may repeat. */
export interface EarlierPayments {
  like(payment: Payment, asked: Asked): Promise<EarlierPayment[]>;
}
/** The injection token of {@link EarlierPayments}. */
export const earlierPaymentsToken = Symbol('EarlierPayments');

/** Looks at the payments of the same initiative. */
@Injectable()
export class PaymentsOfInitiative implements EarlierPayments {
  constructor(private readonly reads: WorkspaceReads) {}

  async like({ programme, initiative, payee, amount, occurredOn }: Payment, asked: Asked): Promise<EarlierPayment[]> {
    const found: EarlierPayment[] = [];
    let next: string | undefined = '1';
    while (next !== undefined) {
      const { items, cursor } = await this.reads.history(programme, initiative, Number(next), 1_000, asked);
      for (const event of items)
        if (
          event.type === 'SpendingRecorded' &&
          event.data.amount === amount &&
          samePayee(event.data.payee, payee) &&
          Math.abs(daysBetween(event.occurredOn, occurredOn)) <= suspiciousDays
        )
          found.push({ initiative, transactionId: event.data.transactionId, occurredOn: event.occurredOn, version: event.version });
      next = cursor;
    }
    return found;
  }
}

/** Whether two names are written alike but for case and spaces. */
export function samePayee(one: string | undefined, other: string): boolean {
  return one !== undefined && folded(one) === folded(other);
}
const folded = (name: string) => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
