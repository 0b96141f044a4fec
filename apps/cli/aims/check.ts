/** Checks every row of a release before planning: malformed, unknown or repeated values, and those of another currency or time. */
import type { Command } from '../../../libs/domain/commands.js';
import { faultsOf } from '../../../libs/http/batch-line.js';
import { faultAt, quoted, whyOf, type Fault } from './fault.js';
import type { Release, Row } from './files.js';
import { initiativeCodes } from './names.js';
import { movementCommand, proposalOf, type PlanOptions } from './plan.js';
import { readProject } from './project-row.js';
import type { LeftOut, Movement, Note, Project, Published, TakeNote } from './published.js';
import { inOrder, letterOf, readTransaction, type ReadTransaction } from './transaction-row.js';

export type Checked = Published & {
  faults: Fault[];
  /** Faults of a whole file, which leaving rows out does not remove. */
  fileFaults: Fault[];
};

/**
 * Finds every fault of a release, and returns the release without the rows that have one.
 * @param isForeign whether somebody else proposed an initiative of this code
 */
export function checkRelease(release: Release, options: PlanOptions, isForeign: (initiative: string) => boolean): Checked {
  const codes = initiativeCodes(release.projects.map((row) => row.cell('project_id')));
  const checked: Checked = {
    initiatives: new Set(codes.values()),
    projects: [],
    leftOut: [],
    notTaken: [],
    leftOutTotals: new Map(),
    notes: [],
    faults: [],
    fileFaults: currencyFaults(release, options),
  };
  const check = new RowCheck(options, isForeign, checked);
  const transactions = Map.groupBy(release.transactions, (row) => row.cell('project_id'));
  const lines = new Map<string, number>();
  for (const row of release.projects) {
    const id = row.cell('project_id');
    const before = lines.get(id);
    if (before === undefined) check.project(row, transactions.get(id) ?? [], codes.get(id) ?? id);
    else check.repeatedProject(row, before);
    lines.set(id, before ?? row.line);
  }
  for (const [id, rows] of transactions) if (!lines.has(id)) check.unknownProject(id, rows);
  return checked;
}

/** If no row is in the requested currency, the request named the wrong currency. */
function currencyFaults({ transactions }: Release, { currency }: PlanOptions): Fault[] {
  const others = new Set(transactions.map((row) => row.cell('transaction_currency').toUpperCase()));
  if (others.size === 0 || others.has(currency) || others.has('')) return [];
  const found = `no row is in ${currency}; they are in ${[...others].sort().join(', ')}`;
  return [{ file: 'transactions.csv', column: 'transaction_currency', found, right: '--currency with the currency of the release' }];
}

class RowCheck {
  constructor(
    private readonly options: PlanOptions,
    private readonly isForeign: (initiative: string) => boolean,
    private readonly checked: Checked,
  ) {}

  /** Takes a project and its transactions, except rows with a fault. */
  project(row: Row, transactions: readonly Row[], initiative: string): void {
    const notes: Note[] = [];
    const note: TakeNote = (kind, detail) => notes.push({ kind, project: row.cell('project_id'), detail });
    const hasDisbursements = transactions.some((transaction) => letterOf(transaction) === 'D');
    const [beside, own] = partition(transactions, (transaction) => hasDisbursements && letterOf(transaction) === 'E');
    const nameless = new Map<string, number>();
    const read = own.map((transaction) => ({ transaction, ...readTransaction(transaction, this.options, note, nameless) }));
    const movements = read.flatMap(({ movement }) => movement ?? []).sort(inOrder);
    const { faults, project } = readProject(row, initiative, movements, this.options, note);
    const found = faults.length > 0 ? faults : this.faultsOfProject(row, project);
    if (found.length > 0) {
      this.leaveOutProject(row, found, project, transactions);
      return;
    }
    for (const transaction of beside)
      this.checked.notTaken.push(
        this.rowAsRead(transaction, 'the project has disbursements, and expenditure is another measure of the same money'),
      );
    const used = new Map<string, number>();
    const sound = new Set<Movement>();
    for (const { transaction, movement, ...one } of read) {
      const wrong = movement ? this.faultsOfMovement(transaction, movement, project, used) : one.faults;
      if (wrong.length > 0) this.leaveOut(this.rowAsRead(transaction, whyOf(wrong), one), wrong);
      else if (movement) sound.add(movement);
    }
    this.checked.projects.push({ ...project, movements: movements.filter((movement) => sound.has(movement)) });
    this.checked.notes.push(...notes);
  }

  repeatedProject(row: Row, before: number): void {
    const fault = faultAt(
      row,
      'project_id',
      `${quoted(row.cell('project_id'))} is on line ${before} already`,
      'an id that no other row has',
    );
    this.leaveOut({ file: row.file, line: row.line, project: row.cell('project_id'), why: whyOf([fault]) }, [fault]);
  }

  unknownProject(id: string, transactions: readonly Row[]): void {
    for (const row of transactions) {
      const fault = faultAt(row, 'project_id', `projects.csv has no project ${quoted(id)}`, 'an id of projects.csv');
      const faults = [...row.faults, fault];
      this.leaveOut(this.rowAsRead(row, whyOf(faults)), faults);
    }
  }

  private leaveOutProject(row: Row, faults: Fault[], { id, totals }: Project, transactions: readonly Row[]): void {
    this.leaveOut({ file: row.file, line: row.line, project: id, why: whyOf(faults) }, faults);
    this.checked.leftOutTotals.set(id, totals);
    for (const transaction of transactions) {
      const read = readTransaction(transaction, this.options);
      const why = read.faults.length > 0 ? whyOf(read.faults) : 'its project is left out';
      this.leaveOut(this.rowAsRead(transaction, why, read), read.faults);
    }
  }

  private leaveOut(row: LeftOut, faults: readonly Fault[]): void {
    this.checked.leftOut.push(row);
    this.checked.faults.push(...faults);
  }

  /** The readable part of a row of transactions.csv. */
  private rowAsRead(row: Row, why: string, read: ReadTransaction = readTransaction(row, this.options)): LeftOut {
    const { letter, amount } = read;
    return {
      file: row.file,
      line: row.line,
      project: row.cell('project_id'),
      transaction: row.cell('transaction_id'),
      ...(letter && { letter }),
      ...(amount !== undefined && { amount }),
      why,
    };
  }

  private faultsOfProject(row: Row, project: Project): Fault[] {
    if (!this.isForeign(project.initiative)) return faultsIn(row, proposalOf(project, this.options), projectColumns, 'project_id');
    const found = `somebody else proposed the initiative ${project.initiative} of ${this.options.programme}`;
    return [faultAt(row, 'project_id', found, 'an import into a programme of its own')];
  }

  private faultsOfMovement(row: Row, movement: Movement, project: Project, used: Map<string, number>): Fault[] {
    const command = movementCommand(movement, project, this.options);
    const key = `${command.type} ${movement.id}`;
    const before = used.get(key);
    used.set(key, before ?? movement.line);
    if (before === undefined) return faultsIn(row, command, movementColumns, 'transaction_value');
    const found = `${quoted(movement.published)} is on line ${before} already`;
    return [faultAt(row, 'transaction_id', found, 'an id that no other row of the project has')];
  }
}

/** The published column for each field of a command. */
const projectColumns = {
  title: 'project_title',
  authority: 'donors',
  authorityName: 'donors',
  requestedAmount: 'total_commitments',
  occurredOn: 'start_actual_isodate',
} as const;
const movementColumns = { occurredOn: 'transaction_year', fiscalYear: 'transaction_year' } as const;

/** The faults for which the ledger would refuse a command as malformed, by published column. */
function faultsIn(row: Row, command: Command, columns: Readonly<Record<string, string>>, otherwise: string): Fault[] {
  return faultsOf(command).map(({ field, message }) => {
    const column = columns[field] ?? otherwise;
    return faultAt(row, column, `${quoted(row.cell(column))} can’t be taken`, message.replace(/^\S+ must be /, ''));
  });
}

function partition<T>(all: readonly T[], holds: (one: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))];
}
