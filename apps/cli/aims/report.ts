/** The account of an import: published amounts against those that the ledger holds, refused or was not sent. Amounts are minor units. */
import type { Command } from '../../../libs/domain/commands.js';
import type { Money } from '../../../libs/domain/vocabulary.js';
import type { Checked } from './check.js';
import { heldIn } from './corrections.js';
import { rowKeyOf, type HeldRow, type Holdings } from './holdings.js';
import { importedBy, type Edition } from './plan.js';
import type { LeftOut, Letter, Note, Project, Totals } from './published.js';

export type Count = { count: number; sum: Money };
export type Account = { published: Money; accepted: Count; refused: Count; leftOut: Count };
/** One published row that the ledger does not hold as published, and why. */
export type RowResult = {
  outcome: 'refused' | 'left-out' | 'not-taken';
  file: string;
  /** Absent if the release no longer has the row. */
  line?: number;
  project: string;
  transaction?: string;
  /** The type of the refused command, if it moves no money. */
  command?: string;
  letter?: Letter;
  amount?: Money;
  code: string;
  detail: string;
};
/** Accepted, refused and left-out amounts differ from the published total by more than rounding and unreadable amounts explain. */
export type Mismatch = { project: string; letter: Letter; published: Money; imported: Money };
/** The ledger's own total beside the published one. */
export type Held = {
  published: Money;
  /** The programme's total over all years. */
  holds: Money;
  /** The parts of it that others recorded, and that imports recorded for rows that were left out or that this release no longer has. */
  byOthers: Money;
  kept: Money;
};

export type ImportAccount = {
  projects: number;
  commitments: Account;
  disbursements: Account;
  /** Only of projects without disbursements; there is no published total to compare with. */
  expenditures: Account;
  /** Refused movements by the ledger's code, in order of appearance. */
  refusals: ({ code: string } & Count)[];
  rows: RowResult[];
  notes: Note[];
  mismatches: Mismatch[];
  ledger: { funded: Held; spent: Held };
};
export type ImportReport = ImportAccount & {
  programme: string;
  currency: string;
  release: Edition & { sha256: string; asOf: string };
  /** Commands sent now, and commands sent by earlier imports. */
  sent: number;
  recordedBefore: number;
};

/** Whether everything published is accounted for and the ledger's own totals agree with the account. */
export function isAccountedFor({ mismatches, ledger, commitments, disbursements, expenditures }: ImportAccount): boolean {
  const { funded, spent } = ledger;
  return (
    mismatches.length === 0 &&
    funded.holds === commitments.accepted.sum + funded.byOthers + funded.kept &&
    spent.holds === disbursements.accepted.sum + expenditures.accepted.sum + spent.byOthers + spent.kept
  );
}

/** Draws up the account. `commands` are all commands of this release, sent now or before. */
export function accountOf(checked: Checked, commands: readonly Command[], holdings: Holdings): ImportAccount {
  const taken = checked.projects.flatMap((project) => takenRows(project, holdings));
  const leftOut = checked.leftOut.filter(({ transaction }) => transaction !== undefined);
  const accounts = { C: emptyAccount(), D: emptyAccount(), E: emptyAccount() };
  const refusals = new Map<string, Count>();
  for (const { letter, amount, held, refusal } of taken) {
    const account = accounts[letter];
    account.accepted.sum += held;
    if (!refusal) account.accepted.count++;
    else for (const count of [account.refused, countOf(refusals, refusal.code)]) add(count, amount - held);
  }
  for (const { letter, amount = 0n } of leftOut) if (letter) add(accounts[letter].leftOut, amount);
  const mismatches = comparedTotals(checked, taken, leftOut, accounts);
  return {
    projects: checked.projects.length,
    commitments: accounts.C,
    disbursements: accounts.D,
    expenditures: accounts.E,
    refusals: [...refusals].map(([code, count]) => ({ code, ...count })),
    rows: [
      ...taken.flatMap((row) => refusedRow(row) ?? []),
      ...refusedCommands(checked.projects, commands, holdings),
      ...checked.leftOut.map((row) => ({ ...rowOf(row), outcome: 'left-out' as const, code: 'fault' })),
      ...checked.notTaken.map((row) => ({ ...rowOf(row), outcome: 'not-taken' as const, code: 'expenditure-beside-disbursements' })),
    ],
    notes: checked.notes,
    mismatches,
    ledger: heldByLedger(accounts, holdings),
  };
}

/** A published row that was sent, or an earlier one that still has entries in the ledger. */
type TakenRow = {
  project: string;
  line?: number;
  transaction: string;
  letter: Letter;
  /** As published now; zero if no longer published. */
  amount: Money;
  held: Money;
  /** Why the ledger does not hold it as published. */
  refusal?: { code: string; detail: string };
};

function takenRows({ id: project, initiative, movements }: Project, holdings: Holdings): TakenRow[] {
  const rows = new Map(holdings.rowsOf(initiative));
  const published = movements.map((movement): TakenRow => {
    const { line, published: transaction, letter, amount, year } = movement;
    const key = rowKeyOf(movement);
    const row = rows.get(key) ?? nothingHeld;
    rows.delete(key);
    const held = heldIn(row);
    const isHeld = held === amount && heldIn(row, year) === amount;
    return { project, line, transaction, letter, amount, held, ...(!isHeld && { refusal: row.refused ?? recordedByOthers }) };
  });
  const gone = [...rows].flatMap(([key, row]): TakenRow[] => {
    const { refused: refusal } = row;
    const letter = key.startsWith('commitment') ? 'C' : 'D';
    // Only failed corrections count as refused; left-out rows are not compared.
    return refusal && heldIn(row) !== 0n
      ? [{ project, transaction: row.parts[0]?.id ?? '', letter, amount: 0n, held: heldIn(row), refusal }]
      : [];
  });
  return [...published, ...gone];
}
const nothingHeld: HeldRow = { parts: [], edition: 0 };
const recordedByOthers = {
  code: 'recorded-by-others',
  detail: 'somebody else recorded the same under this id, so it does not belong to the import',
};

function refusedRow({ refusal, held, amount, line, ...row }: TakenRow): RowResult | undefined {
  if (!refusal) return undefined;
  return {
    outcome: 'refused',
    file: 'transactions.csv',
    ...(line !== undefined && { line }),
    ...row,
    amount: amount - held,
    ...refused(refusal),
  };
}
const refused = ({ code, detail }: { code: string; detail: string }) => ({ code, detail });

/** Refused commands that belong to no published row: proposals, amendments and changes of status. */
function refusedCommands(projects: readonly Project[], commands: readonly Command[], { answers }: Holdings): RowResult[] {
  const byInitiative = new Map(projects.map((project) => [project.initiative, project]));
  return commands.flatMap(({ type, initiative = '', commandId }): RowResult[] => {
    const project = byInitiative.get(initiative);
    const answer = answers.get(importedBy(commandId)?.step ?? '');
    if (!project || isRowCommand(type) || !answer || answer.accepted) return [];
    return [{ outcome: 'refused', file: 'projects.csv', line: project.line, project: project.id, command: type, ...refused(answer) }];
  });
}
const rowCommands: readonly Command['type'][] = ['FundInitiative', 'AdjustFunding', 'RecordSpending', 'ReverseSpending'];
const isRowCommand = (type: Command['type']): boolean => rowCommands.includes(type);

function rowOf({ why, ...row }: LeftOut) {
  return { ...row, detail: why };
}

/** Adds up the published amounts, by the projects' own totals if they have some, and names every project that does not add up. */
function comparedTotals(
  checked: Checked,
  taken: readonly TakenRow[],
  leftOut: readonly LeftOut[],
  accounts: Record<Letter, Account>,
): Mismatch[] {
  const totals = new Map<string, Totals>([...checked.leftOutTotals, ...checked.projects.map(({ id, totals }) => [id, totals] as const)]);
  const rounded = Map.groupBy(
    checked.notes.filter(({ kind }) => kind === 'rounded'),
    ({ project }) => project,
  );
  const rows = Map.groupBy([...taken, ...leftOut], ({ project }) => project);
  const mismatches: Mismatch[] = [];
  for (const project of new Set([...totals.keys(), ...rows.keys()]))
    for (const letter of ['C', 'D', 'E'] as const) {
      const own = rows.get(project) ?? [];
      const imported = own.reduce((sum, row) => (row.letter === letter ? sum + (row.amount ?? 0n) : sum), 0n);
      const published = publishedOf(letter, totals.get(project)) ?? imported;
      accounts[letter].published += published;
      // The unreadable amount is the difference between the total and the readable rows.
      if (own.some((row) => row.letter === undefined || (row.letter === letter && row.amount === undefined)))
        accounts[letter].leftOut.sum += published - imported;
      else if (!isRounding(published - imported, rounded.get(project)?.length ?? 0))
        mismatches.push({ project, letter, published, imported });
    }
  return mismatches;
}

function publishedOf(letter: Letter, totals: Totals | undefined): Money | undefined {
  return letter === 'C' ? totals?.commitments : letter === 'D' ? totals?.disbursements : undefined;
}

/** Each rounded row, and the rounded total, may be off by half a minor unit. */
function isRounding(difference: Money, rounded: number): boolean {
  return (difference < 0n ? -difference : difference) * 2n <= BigInt(rounded === 0 ? 0 : rounded + 1);
}

function heldByLedger({ C, D, E }: Record<Letter, Account>, holdings: Holdings): ImportAccount['ledger'] {
  const { totals, byOthers, byImports } = holdings;
  return {
    funded: {
      published: C.published,
      holds: totals.funded,
      byOthers: byOthers.funded,
      kept: byImports.funded - C.accepted.sum,
    },
    spent: {
      published: D.published + E.published,
      holds: totals.spent,
      byOthers: byOthers.spent,
      kept: byImports.spent - D.accepted.sum - E.accepted.sum,
    },
  };
}

function emptyAccount(): Account {
  return { published: 0n, accepted: { count: 0, sum: 0n }, refused: { count: 0, sum: 0n }, leftOut: { count: 0, sum: 0n } };
}
function countOf(counts: Map<string, Count>, code: string): Count {
  const count = counts.get(code) ?? { count: 0, sum: 0n };
  counts.set(code, count);
  return count;
}
function add(count: Count, amount: Money): void {
  count.count++;
  count.sum += amount;
}
