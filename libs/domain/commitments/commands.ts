import type { IsoDate, Money } from '../vocabulary.js';

/** What a change of a commitment is about. */
export const commitmentChangeKinds = ['value', 'duration', 'scope'] as const;
export type CommitmentChangeKind = (typeof commitmentChangeKinds)[number];

/** The data of every command on a commitment: money promised to a supplier by contract. Amounts are minor units; only a `change` has a sign. */
export type CommitmentCommandData = {
  /** It belongs to the fiscal year of `occurredOn`. `ocid` is the contract's id in the Open Contracting Data Standard. */
  MakeCommitment: { commitmentId: string; supplier: string; amount: Money; contract?: string; ocid?: string; plannedEnd?: IsoDate };
  ChangeCommitment: {
    commitmentId: string;
    changeId: string;
    kind: CommitmentChangeKind;
    change?: Money;
    plannedEnd?: IsoDate;
    reason: string;
  };
  ReleaseCommitment: { commitmentId: string; reason: string };
};
