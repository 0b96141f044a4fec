/** A checked release, in the ledger's terms. Amounts are minor units, rounded half to even. */
import type { FiscalYear, IsoDate, Money } from '../../../libs/domain/vocabulary.js';
import type { FileName } from './files.js';

/** C commitment, D disbursement, E expenditure. */
export type Letter = 'C' | 'D' | 'E';

/** A published movement of money. */
export type Movement = {
  line: number;
  letter: Letter;
  /** The transaction id as published. */
  published: string;
  /** The id in the ledger. */
  id: string;
  year: FiscalYear;
  /** Signed and not zero. */
  amount: Money;
};

export type Totals = { commitments?: Money; disbursements?: Money };

export type Project = {
  line: number;
  id: string;
  /** The initiative's code. */
  initiative: string;
  title: string;
  authority: string;
  authorityName: string;
  proposedOn: IsoDate;
  /** The status word as published; may be blank. */
  status: string;
  totals: Totals;
  /** Ordered by year, commitments before spending, positive before negative, transaction id. */
  movements: Movement[];
};

/** A row that is not imported. */
export type LeftOut = {
  file: FileName;
  line: number;
  project: string;
  transaction?: string;
  /** Absent if it can't be read. */
  letter?: Letter;
  /** Absent if it can't be read, or is in another currency. */
  amount?: Money;
  why: string;
};

export const noteKinds = [
  'rounded',
  'nothing-moves',
  'id-replaced',
  'start-replaced',
  'no-donor',
  'unknown-status',
  'status-kept',
  'never-funded',
  'project-gone',
] as const;
export type NoteKind = (typeof noteKinds)[number];
export type TakeNote = (kind: NoteKind, detail: string) => void;
/** A remark about a published row. */
export type Note = { kind: NoteKind; project: string; detail: string };

export type Published = {
  /** The codes of all projects in the release, also of those that are left out. */
  initiatives: ReadonlySet<string>;
  projects: Project[];
  /** Rows with a fault, and the rows of projects with one. */
  leftOut: LeftOut[];
  /** Expenditures of projects that have disbursements: another measure of the same money, not additional money. */
  notTaken: LeftOut[];
  /** The published totals of projects that are left out, by project id. */
  leftOutTotals: Map<string, Totals>;
  notes: Note[];
};
