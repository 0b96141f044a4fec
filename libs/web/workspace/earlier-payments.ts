import { Injectable } from '@nestjs/common';
import type { Asked } from '../../application/reading.js';
import { dayAfter } from '../../domain/calendar.js';
import type { IsoDate, Money } from '../../domain/vocabulary.js';
import { WorkspaceReads } from './reads.js';

/** A payment that is about to be recorded. The amount is in minor units. */
export type Payment = {
  readonly programme: string;
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

/** The largest number of payments of one amount that the search reads. */
const most = 1_000;

/** Looks at the payments of the same amount in the whole programme. */
@Injectable()
export class PaymentsOfProgramme implements EarlierPayments {
  constructor(private readonly reads: WorkspaceReads) {}

  async like({ programme, payee, amount, occurredOn }: Payment, asked: Asked): Promise<EarlierPayment[]> {
    const filter = {
      type: ['SpendingRecorded'],
      amountAtLeast: amount.toString(),
      amountAtMost: amount.toString(),
      occurredAfter: dayAfter(occurredOn, -suspiciousDays),
      occurredBy: dayAfter(occurredOn, suspiciousDays),
    };
    // Everybody may see payments, so it doesn't matter who asks.
    const { items } = await this.reads.entries(programme, { filter, sort: '-position', paging: { limit: most } }, undefined, asked);
    return items.flatMap(({ initiative, version, data, occurredOn: on }) =>
      initiative !== undefined && version !== undefined && isPayment(data) && samePayee(data.payee, payee)
        ? [{ initiative, transactionId: data.transactionId, occurredOn: on, version }]
        : [],
    );
  }
}

function isPayment(data: object): data is { transactionId: string; payee?: string } {
  return 'transactionId' in data && typeof data.transactionId === 'string' && (!('payee' in data) || typeof data.payee === 'string');
}

/** Whether two names are written alike but for case and spaces. */
export function samePayee(one: string | undefined, other: string): boolean {
  return one !== undefined && folded(one) === folded(other);
}
const folded = (name: string) => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
