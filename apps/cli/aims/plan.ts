/**
 * What the ledger is told of one published project, command by command, in the order in which it happened: year, commitments before disbursements,
 * positive before negative, transaction id; the status last. Pure: the same rows always give the same commands with the same ids.
 */
import type { Command, CommandEnvelope, InitiativeCommandType } from '../../../libs/domain/commands.js';
import { largestAmount, type Actor, type FiscalYear, type IsoDate, type Money, type Party } from '../../../libs/domain/vocabulary.js';
import { parseDecimal, toMinorUnits } from './decimal.js';
import type { ProjectRow, TransactionRow } from './files.js';
import { authorityCode, digest, movementId } from './names.js';

export type PlanOptions = {
  programme: string;
  /** ISO 4217; rows in another currency are left out, never converted. */
  currency: string;
  /** How many digits the currency's minor unit has. */
  digits: number;
  /** The language tag of the published titles. */
  language: string;
  importer: Pick<Actor, 'id' | 'organisation'>;
  /** The organisation on whose behalf is funded and signed off. */
  finance: string;
  today: IsoDate;
  /** The day of the published status, and of projects without any date. */
  asOf: IsoDate;
};

/** A published movement of money that the ledger is told of. */
export type Movement = {
  line: number;
  id: string;
  year: FiscalYear;
  kind: 'commitment' | 'disbursement';
  /** Signed, in minor units, rounded half to even. */
  amount: Money;
};
export type Step = { command: Command; movement?: Movement };

export const noteKinds = [
  'rounded',
  'row-skipped',
  'row-repeated',
  'id-replaced',
  'start-replaced',
  'no-donor',
  'no-total',
  'unknown-status',
  'never-funded',
  'project-skipped',
] as const;
export type NoteKind = (typeof noteKinds)[number];
/** Something about a published row that a person may want to know. */
export type Note = { kind: NoteKind; project: string; detail: string };

type TakeNote = (kind: NoteKind, detail: string) => void;

export type ProjectPlan = {
  project: string;
  /** The initiative's code. */
  initiative: string;
  authority: Party;
  /** What to send before the published status is looked at, and the suspension where that is the status. */
  steps: Step[];
  /** Completed as published: to be finalised once it is known what of it was accepted. On this day, where it is. */
  completedOn?: IsoDate;
  published: { commitments?: Money; disbursements?: Money };
  notes: Note[];
};

const leaveStatus: ReadonlySet<string> = new Set(['pipeline', 'pipeline/identification', 'implementation']);
const fallbackDonor = 'Unknown donor';

/** Plans one project. `initiative` is its code, unique in the programme. */
export function planProject(
  project: ProjectRow,
  transactions: readonly TransactionRow[],
  initiative: string,
  options: PlanOptions,
): ProjectPlan {
  const notes: Note[] = [];
  const note: TakeNote = (kind, detail) => {
    notes.push({ kind, project: project.id, detail });
  };
  const movements = movementsOf(transactions, options, note);
  const donor = firstDonor(project, note);
  const authority: Party = { organisation: authorityCode(donor), role: 'ministry' };
  const proposedOn = startOf(project, movements, options, note);
  const commitments = totalOf('total_commitments', project.totalCommitments, options.digits, note);
  const disbursements = totalOf('total_disbursements', project.totalDisbursements, options.digits, note);
  const published = { ...(commitments !== undefined && { commitments }), ...(disbursements !== undefined && { disbursements }) };
  const frame = framesFor(initiative, authority, options);
  const proposal: Command = {
    ...frame('ProposeInitiative', 'authority', [project.id], proposedOn),
    data: {
      title: { [options.language]: project.title || project.id },
      authority: authority.organisation,
      authorityName: donor,
      ...(commitments !== undefined && commitments > 0n && { requestedAmount: commitments }),
    },
  };
  const steps: Step[] = [{ command: proposal }];
  for (const movement of movements) {
    const command = commandOf(movement, project.id, options.today, frame);
    if (steps.some((step) => step.command.commandId === command.commandId))
      note('row-repeated', `line ${movement.line}: transaction ${movement.id} is there twice with the same content`);
    else steps.push({ command, movement });
  }
  const plan: ProjectPlan = { project: project.id, initiative, authority, steps, published, notes };
  const statusOn = options.asOf > proposedOn ? options.asOf : proposedOn;
  const status = project.status.toLowerCase();
  if (status === 'completion') return { ...plan, completedOn: statusOn };
  if (status === 'suspended')
    steps.push({
      command: { ...frame('SuspendInitiative', 'finance', [project.id], statusOn), data: { reason: `published as ${project.status}` } },
    });
  else if (!leaveStatus.has(status)) note('unknown-status', project.status === '' ? 'blank' : project.status);
  return plan;
}

type Side = 'authority' | 'finance';
/** All of a command to an initiative but its data. `row` is what its id is made from, beside programme and step. */
export type Frames = <T extends InitiativeCommandType>(
  type: T,
  side: Side,
  row: readonly string[],
  occurredOn: IsoDate,
) => CommandEnvelope & { type: T; programme: string; initiative: string };

/** Commands to one initiative, sent by the importer on behalf of its authority or of finance. */
export function framesFor(initiative: string, authority: Party, options: PlanOptions): Frames {
  return (type, side, row, occurredOn) => ({
    type,
    programme: options.programme,
    initiative,
    commandId: commandIdOf(options.programme, type, row),
    actor: {
      ...options.importer,
      role: 'admin',
      onBehalfOf: side === 'authority' ? authority : { organisation: options.finance, role: 'finance' },
    },
    occurredOn,
  });
}

/** A command's id says the same for ever: from the programme, the step and the row. */
export function commandIdOf(programme: string, step: string, row: readonly string[]): string {
  return `aims-${digest([programme, step, ...row], 40)}`;
}

/** The first command of an import, dated when the first of its projects began. */
export function establishProgramme(title: string, timeZone: string, occurredOn: IsoDate, options: PlanOptions): Command {
  const { programme, currency, language, importer } = options;
  return {
    type: 'EstablishProgramme',
    programme,
    commandId: commandIdOf(programme, 'EstablishProgramme', []),
    actor: { ...importer, role: 'admin' },
    occurredOn,
    data: { title: { [language]: title }, currency, timeZone, ceiling: 'none', years: 'multi-year' },
  };
}

function commandOf(movement: Movement, project: string, today: IsoDate, frame: Frames): Command {
  const { id, year, kind, amount } = movement;
  const row = [project, id, kind, String(year), amount.toString()];
  const firstDay = `${year}-01-01`;
  const lastDay = `${year}-12-31`;
  // The running year's last day is still to come, also on its first day.
  const spentOn = today >= firstDay && today < lastDay ? today : lastDay;
  if (kind === 'commitment')
    return amount > 0n
      ? { ...frame('FundInitiative', 'finance', row, firstDay), data: { fundingId: id, fiscalYear: year, amount } }
      : {
          ...frame('AdjustFunding', 'finance', row, firstDay),
          data: { adjustmentId: id, change: amount, reason: 'published as a negative commitment' },
        };
  return amount > 0n
    ? { ...frame('RecordSpending', 'authority', row, spentOn), data: { transactionId: id, amount } }
    : {
        ...frame('ReverseSpending', 'authority', row, spentOn),
        data: { reversalId: id, amount: -amount, reason: 'published as a negative disbursement' },
      };
}

/** The rows that move money, in the order in which they happened. */
function movementsOf(transactions: readonly TransactionRow[], options: PlanOptions, note: TakeNote): Movement[] {
  const nameless = new Map<string, number>();
  const movements: Movement[] = [];
  for (const row of transactions) {
    const { line } = row;
    const skip = (why: string) => {
      note('row-skipped', `line ${line}: ${why}`);
    };
    const code = row.code.toUpperCase();
    const year = /^(\d{4})(\.0*)?$/.exec(row.year)?.[1];
    const value = parseDecimal(row.value);
    if (code !== 'C' && code !== 'D' && code !== 'E') skip(`the code ${row.code || '(blank)'} is none of C, D and E`);
    else if (year === undefined) skip(`${row.year || '(blank)'} is no year`);
    else if (value === undefined) skip(`${row.value || '(blank)'} is no amount`);
    else if (row.currency !== '' && row.currency.toUpperCase() !== options.currency)
      skip(`${row.value} ${row.currency} is not in ${options.currency}, and nothing is converted`);
    else {
      const { amount, exact } = toMinorUnits(value, options.digits);
      if (!exact) note('rounded', `line ${line}: ${row.value}`);
      if (amount === 0n) skip('nothing moves');
      else if (amount > largestAmount || -amount > largestAmount) skip(`${row.value} has more than 18 digits`);
      else {
        const id = idOf(row, nameless);
        if (id !== row.id) note('id-replaced', `line ${line}: transaction ${row.id || '(blank)'} is ${id} in the ledger`);
        movements.push({ line, id, year: Number(year), kind: code === 'C' ? 'commitment' : 'disbursement', amount });
      }
    }
  }
  return movements.sort(inOrder);
}

/** Rows without an id get one from their content, and from how many of the same came before. */
function idOf(row: TransactionRow, nameless: Map<string, number>): string {
  if (row.id !== '') return movementId(row.id);
  const content = digest([row.projectId, row.year, row.code, row.value], 32);
  const before = nameless.get(content) ?? 0;
  nameless.set(content, before + 1);
  return `aims-${content}-${before + 1}`;
}

function inOrder(one: Movement, other: Movement): number {
  return (
    one.year - other.year ||
    Number(one.kind === 'disbursement') - Number(other.kind === 'disbursement') ||
    Number(one.amount < 0n) - Number(other.amount < 0n) ||
    (one.id < other.id ? -1 : Number(one.id > other.id))
  );
}

function startOf(project: ProjectRow, movements: readonly Movement[], options: PlanOptions, note: TakeNote): IsoDate {
  const dates = movements.map(({ year, kind }) => `${year}-${kind === 'commitment' ? '01-01' : '12-31'}`);
  const first = dates.reduce<IsoDate | undefined>((least, date) => (least !== undefined && least < date ? least : date), undefined);
  const given = isDate(project.start) ? project.start : undefined;
  if (project.start !== '' && given === undefined) note('start-replaced', `${project.start} is no date`);
  const start = given ?? (first === undefined ? options.asOf : `${first.slice(0, 4)}-01-01`);
  const earliest = first !== undefined && first < start ? first : start;
  if (earliest <= options.today) return earliest;
  note('start-replaced', `${earliest} is still to come; it is proposed on ${options.asOf}`);
  return options.asOf;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

function firstDonor(project: ProjectRow, note: TakeNote): string {
  const donor = project.donors
    .split('|')
    .map((name) => name.trim())
    .find((name) => name !== '');
  if (donor !== undefined) return donor;
  note('no-donor', `run by ${fallbackDonor} in the ledger`);
  return fallbackDonor;
}

/** A published total; a blank one is none, as of a project that never spent. */
function totalOf(column: string, text: string, digits: number, note: TakeNote): Money | undefined {
  const value = parseDecimal(text);
  if (value !== undefined) return toMinorUnits(value, digits).amount;
  if (text !== '') note('no-total', `${column} is ${text}, which is no amount`);
  return undefined;
}
