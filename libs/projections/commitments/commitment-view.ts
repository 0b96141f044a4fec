/** The commitments of one initiative, folded from its events. Amounts are minor units as decimal strings. */
import type { CommitmentChangeKind } from '../../domain/commitments/commands.js';
import type { FiscalYear, Money } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';

/** `open` with money left, `drawn` with none left, or `released`. */
export const commitmentStatuses = ['open', 'drawn', 'released'] as const;
export type CommitmentStatus = (typeof commitmentStatuses)[number];

/** A change of a commitment's value, duration or scope. */
export type CommitmentChangeView = {
  changeId: string;
  kind: CommitmentChangeKind;
  /** Signed; absent if the value stayed. */
  change?: string;
  plannedEnd?: string;
  reason: string;
  position: number;
  occurredOn: string;
};
/** A payment drawn from a commitment. */
export type DrawingView = {
  transactionId: string;
  amount: string;
  /** Σ its reversals. */
  reversed: string;
  payee?: string;
  position: number;
  occurredOn: string;
};
/** How a commitment ended. `automatic` if the cancellation of its initiative released it. */
export type ReleaseView = { on: string; position: number; amount: string; reason?: string; automatic?: boolean };
export type CommitmentView = {
  programme: string;
  initiative: string;
  commitmentId: string;
  supplier: string;
  contract?: string;
  ocid?: string;
  /** As last changed. */
  plannedEnd?: string;
  status: CommitmentStatus;
  /** The year that its money is committed in. */
  fiscalYear: FiscalYear;
  madeOn: string;
  position: number;
  /** As made. */
  firstAmount: string;
  /** As last changed. */
  amount: string;
  /** Σ drawings less what reversals gave back. */
  drawn: string;
  /** What is left: amount − drawn; 0 once it is released. */
  open: string;
  /** The latest, {@link mostChanges} at most, in the order of recording. */
  changes: CommitmentChangeView[];
  changesTotal: number;
  /** The latest, {@link mostDrawings} at most, in the order of recording. */
  drawings: DrawingView[];
  drawingsTotal: number;
  released?: ReleaseView;
};

/** The most drawings that the view of one commitment names. */
export const mostDrawings = 500;
/** The most changes that the view of one commitment names. */
export const mostChanges = 20;

type Drawing = Omit<DrawingView, 'amount' | 'reversed'> & { amount: Money; reversed: Money };
type Fold = Omit<CommitmentView, 'status' | 'firstAmount' | 'amount' | 'drawn' | 'open' | 'drawings'> & {
  firstAmount: Money;
  amount: Money;
  drawn: Money;
  drawings: Drawing[];
};

/** Folds the events of one initiative into a page of its commitments. It keeps no more than their views show, however long the history is. */
export class CommitmentsFold {
  private readonly commitments = new Map<string, Fold>();
  private readonly drawings = new Map<string, Drawing>();

  /** Those made after a position, `most` of them at most; all by default. */
  constructor(
    private readonly after = 0,
    private readonly most = Infinity,
  ) {}

  /** Events come in the order of their positions. */
  add(event: EventRecord): void {
    if (event.type === 'CommitmentMade') this.make(event);
    if (event.type === 'CommitmentChanged') this.change(event);
    if (event.type === 'CommitmentReleased') this.release(event);
    if (event.type === 'SpendingRecorded') this.draw(event);
    if (event.type === 'SpendingReversed') this.reverse(event);
    if (event.type === 'FundsCarriedOver') this.carry(event);
  }

  /** In the order in which they were made. */
  views(): CommitmentView[] {
    return [...this.commitments.values()].map(viewOf);
  }

  private make({ programme, initiative, position, occurredOn, data, context }: EventRecord & { type: 'CommitmentMade' }): void {
    if (position <= this.after || this.commitments.size >= this.most) return;
    const { amount, ...contract } = data;
    this.commitments.set(data.commitmentId, {
      programme,
      initiative,
      ...contract,
      fiscalYear: context.fiscalYear,
      madeOn: occurredOn,
      position,
      firstAmount: amount,
      amount,
      drawn: 0n,
      changes: [],
      changesTotal: 0,
      drawings: [],
      drawingsTotal: 0,
    });
  }

  private change({ position, occurredOn, data, context }: EventRecord & { type: 'CommitmentChanged' }): void {
    const { commitmentId, change, plannedEnd, ...said } = data;
    const known = this.commitments.get(commitmentId);
    if (!known) return;
    known.fiscalYear = context.fiscalYear;
    known.amount += change ?? 0n;
    if (plannedEnd !== undefined) known.plannedEnd = plannedEnd;
    const { changeId, kind, reason } = said;
    known.changes.push({
      changeId,
      kind,
      ...(change !== undefined && { change: change.toString() }),
      ...(plannedEnd !== undefined && { plannedEnd }),
      reason,
      position,
      occurredOn,
    });
    known.changesTotal++;
    if (known.changes.length > mostChanges) known.changes.shift();
  }

  private release({ position, occurredOn, data, context }: EventRecord & { type: 'CommitmentReleased' }): void {
    const known = this.commitments.get(data.commitmentId);
    if (!known) return;
    known.released = {
      on: occurredOn,
      position,
      amount: data.amount.toString(),
      ...(data.reason !== undefined && { reason: data.reason }),
      ...(context.automatic && { automatic: true }),
    };
  }

  private carry({ context }: EventRecord & { type: 'FundsCarriedOver' }): void {
    for (const id of context.commitments ?? []) {
      const known = this.commitments.get(id);
      if (known) known.fiscalYear = context.fiscalYear + 1;
    }
  }

  private draw({ position, occurredOn, data, context }: EventRecord & { type: 'SpendingRecorded' }): void {
    const known = context.commitment && this.commitments.get(context.commitment.id);
    if (!known) return;
    const { transactionId, amount, payee } = data;
    const drawing = { transactionId, amount, reversed: 0n, ...(payee !== undefined && { payee }), position, occurredOn };
    this.drawings.set(transactionId, drawing);
    known.drawings.push(drawing);
    known.drawingsTotal++;
    const dropped = known.drawings.length > mostDrawings ? known.drawings.shift() : undefined;
    if (dropped) this.drawings.delete(dropped.transactionId);
    known.drawn += amount;
  }

  private reverse({ data, context }: EventRecord & { type: 'SpendingReversed' }): void {
    const drawing = data.transactionId === undefined ? undefined : this.drawings.get(data.transactionId);
    if (drawing) drawing.reversed += data.amount;
    const known = context.commitment && this.commitments.get(context.commitment.id);
    if (known) known.drawn -= data.amount;
  }
}

function viewOf({ firstAmount, amount, drawn, drawings, ...rest }: Fold): CommitmentView {
  const left = rest.released ? 0n : amount - drawn;
  return {
    ...rest,
    status: rest.released ? 'released' : left > 0n ? 'open' : 'drawn',
    firstAmount: firstAmount.toString(),
    amount: amount.toString(),
    drawn: drawn.toString(),
    open: left.toString(),
    drawings: drawings.map((one) => ({ ...one, amount: one.amount.toString(), reversed: one.reversed.toString() })),
  };
}
