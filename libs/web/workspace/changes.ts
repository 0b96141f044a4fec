/** What a command changes, for the page that shows it before it is recorded. */
import { initiativeCommandTypes } from '../../domain/capabilities.js';
import type { Command, InitiativeCommand } from '../../domain/commands.js';
import type { FiscalYear, IsoDate } from '../../domain/vocabulary.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { FiscalYearView } from '../../projections/totals/views.js';
import { foreseen } from './foreseen.js';
import type { Change } from './pages/check.js';

export type Before = {
  /** Absent if the command is to the programme, or proposes an initiative. */
  readonly initiative?: InitiativeView | undefined;
  readonly years: readonly FiscalYearView[];
  /** In the programme's time zone. */
  readonly today: IsoDate;
  /** The fiscal year of the movement that the command corrects. */
  readonly correctedYear?: FiscalYear | undefined;
  /** The commitment that the command names, or that the payment it reverses was drawn from. */
  readonly commitment?: CommitmentView | undefined;
};

/** The changes of commands that are recorded together, all of them to one initiative or to the programme. */
export function changesOf(commands: readonly Command[], before: Before): Change[] {
  return [...changesOfInitiative(commands.filter(isOfInitiative), before), ...changesOfYears(commands, before.years)];
}

function isOfInitiative(command: Command): command is InitiativeCommand {
  return initiativeCommandTypes.some((type) => type === command.type);
}

function changesOfInitiative(commands: readonly InitiativeCommand[], { initiative, today, correctedYear, commitment }: Before): Change[] {
  if (commands.length === 0) return [];
  if (!initiative) return [{ kind: 'status', after: { status: 'proposed', suspended: false } }];
  const after = commands.reduce((view, command) => foreseen(view, command, today, correctedYear, commitment), initiative);
  const isSame = after.status === initiative.status && after.suspended === initiative.suspended;
  const changes: Change[] = isSame ? [] : [{ kind: 'status', before: initiative, after }];
  for (const year of after.fiscalYears) {
    const earlier = initiative.fiscalYears.find(({ fiscalYear }) => fiscalYear === year.fiscalYear)?.available ?? '0';
    if (earlier !== year.available)
      changes.push({ kind: 'money', name: 'unspentOf', year: year.fiscalYear, before: earlier, after: year.available });
  }
  changes.push({ kind: 'money', name: 'unspent', before: initiative.available, after: after.available });
  if (initiative.committed !== after.committed || initiative.committed !== '0')
    changes.push(
      { kind: 'money', name: 'committed', before: initiative.committed, after: after.committed },
      { kind: 'money', name: 'uncommitted', before: initiative.free, after: after.free },
    );
  return changes;
}

/** The changes of what is free of the appropriations, by year. */
export function changesOfYears(commands: readonly Command[], years: readonly FiscalYearView[]): Change[] {
  const sums = new Map<FiscalYear, bigint>();
  for (const command of commands) {
    const moved = appropriatedBy(command) ?? fundedBy(command);
    if (moved) sums.set(moved.fiscalYear, (sums.get(moved.fiscalYear) ?? 0n) + moved.change);
  }
  return [...sums].flatMap(([year, change]): Change[] => {
    const found = years.find(({ fiscalYear }) => fiscalYear === year);
    const before = found ? found.available : '0';
    // Without a ceiling nothing is free or not.
    return before === null ? [] : [{ kind: 'money', name: 'freeOf', year, before, after: (BigInt(before) + change).toString() }];
  });
}

type Moved = { fiscalYear: FiscalYear; change: bigint };
function appropriatedBy(command: Command): Moved | undefined {
  if (command.type === 'GrantAppropriation') return { fiscalYear: command.data.fiscalYear, change: command.data.amount };
  if (command.type === 'AdjustAppropriation') return { fiscalYear: command.data.fiscalYear, change: command.data.change };
  return undefined;
}
function fundedBy(command: Command): Moved | undefined {
  if (command.type === 'FundInitiative') return { fiscalYear: command.data.fiscalYear, change: -command.data.amount };
  if (command.type === 'ReturnFunds') return { fiscalYear: command.data.fiscalYear, change: command.data.amount };
  return undefined;
}
