/** The open commitments of an initiative. Open means that money is left in it. */
import type { Initiative } from '../state.js';
import type { FiscalYear, IsoDate, Money } from '../vocabulary.js';

/** A commitment that has money left, as the state of its initiative keeps it. */
export type OpenCommitment = {
  readonly id: string;
  /** The day on which it was made. */
  readonly on: IsoDate;
  /** The year that its money is committed in. */
  readonly fiscalYear: FiscalYear;
  /** What was committed and neither drawn nor released, above zero. */
  readonly left: Money;
};

/** The change that an event makes to what is left of a commitment. */
export type CommitmentChange = {
  readonly id: string;
  readonly fiscalYear: FiscalYear;
  readonly change: Money;
  /** No drawing, change or reversal reopens it. */
  readonly released?: true;
};

/** How many commitments of an initiative may be open at a time, so that its state stays small. */
export const mostOpenCommitments = 200;

export function openCommitments({ commitments = [] }: Initiative): readonly OpenCommitment[] {
  return commitments;
}
/** An open commitment by its id; `undefined` if nothing is left in it, or there is none. */
export function openCommitment(initiative: Initiative, id: string): OpenCommitment | undefined {
  return initiative.commitments?.find((one) => one.id === id);
}

/** The open commitments by the day on which they were made. */
export function oldestFirst(initiative: Initiative): OpenCommitment[] {
  return openCommitments(initiative).toSorted((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}

/** Commitments that go along with the money of a carry-over, and the year that they go to. */
export type CarriedCommitments = { readonly ids: readonly string[]; readonly into: FiscalYear };
/** The initiative with commitments moved to another year. */
export function withCarriedCommitments(initiative: Initiative, { ids, into }: CarriedCommitments): Initiative {
  const { commitments } = initiative;
  if (!commitments) return initiative;
  return { ...initiative, commitments: commitments.map((one) => (ids.includes(one.id) ? { ...one, fiscalYear: into } : one)) };
}

/** The initiative with a change of one commitment. `on` is the day on which that was made, for one that was not open before. */
export function withCommitmentChange(initiative: Initiative, { id, fiscalYear, change }: CommitmentChange, on: IsoDate): Initiative {
  const { commitments: before = [], ...others } = initiative;
  const known = before.find((one) => one.id === id);
  const left = (known?.left ?? 0n) + change;
  const changed = { id, on: known?.on ?? on, fiscalYear, left };
  const after = known ? before.map((one) => (one === known ? changed : one)) : [...before, changed];
  const open = after.filter((one) => one.left > 0n);
  return open.length > 0 ? { ...others, commitments: open } : others;
}
