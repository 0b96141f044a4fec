/** The commands that bring an initiative to its published status, once the outcomes of its money commands are known. */
import type { Command } from '../../../libs/domain/commands.js';
import type { Initiative } from '../../../libs/domain/state.js';
import { hasEnded } from '../../../libs/domain/lifecycle/status.js';
import type { FiscalYear, Money } from '../../../libs/domain/vocabulary.js';
import { latest } from './differences.js';
import type { HeldInitiative } from './holdings.js';
import { framesFor, keptWhateverEdition, releaseInWords, type Frames, type PlanOptions } from './plan.js';
import type { Project, TakeNote } from './published.js';

const meanings: ReadonlyMap<string, 'open' | 'completed' | 'suspended'> = new Map([
  ['pipeline', 'open'],
  ['pipeline/identification', 'open'],
  ['implementation', 'open'],
  ['completion', 'completed'],
  ['suspended', 'suspended'],
]);

/** The commands for a project's status, in their order. */
export function closing(project: Project, held: HeldInitiative, options: PlanOptions, note: TakeNote): Command[] {
  const meaning = meanings.get(project.status.toLowerCase());
  const { state } = held;
  const authority = state.terms.authority;
  const on = latest(options.asOf, state.proposedOn);
  const frame = framesFor({ ...project, authority }, options);
  if (!meaning) return project.status === '' ? blankStatus(note) : [unknownStatus(project, authority, on, options, note)];
  if (meaning === 'completed') return completion(project, held, on, frame, options, note);
  if (hasEnded(state)) {
    note('status-kept', `published as ${project.status}, but ${state.status} in the ledger, which is final`);
    return [];
  }
  if (meaning === 'suspended' && !state.suspended)
    return [{ ...frame('SuspendInitiative', 'finance', [project.id], on), data: { reason: `published as ${project.status}` } }];
  if (meaning === 'open' && held.suspendedByImport) return [resumption(project, on, frame, options)];
  return [];
}

function blankStatus(note: TakeNote): Command[] {
  note('unknown-status', 'blank');
  return [];
}

/** An unknown status word is kept as the reason of an amendment that changes nothing. */
function unknownStatus(project: Project, authority: string, on: string, options: PlanOptions, note: TakeNote): Command {
  note('unknown-status', project.status);
  const frame = framesFor({ ...project, authority }, keptWhateverEdition(options));
  const reason = `published status: ${project.status.slice(0, 500)}`;
  return { ...frame('AmendInitiative', 'authority', [project.id, 'status', project.status], on), data: { reason } };
}

function resumption(project: Project, on: string, frame: Frames, options: PlanOptions): Command {
  const reason = `${releaseInWords(options)}: published as ${project.status}`;
  return { ...frame('ResumeInitiative', 'finance', [project.id], on), data: { reason } };
}

/**
 * Returns unspent funding, newest year first and at most the funding of each year; then finance signs off.
 * An initiative that was never funded is not finalised, and a note says so.
 */
function completion(project: Project, held: HeldInitiative, on: string, frame: Frames, options: PlanOptions, note: TakeNote): Command[] {
  const { state } = held;
  if (hasEnded(state)) return [];
  if (state.status === 'proposed') {
    note('never-funded', 'published as completed, but it was never funded; it stays as it is');
    return [];
  }
  const { number } = options.edition;
  const returns = unspentByYear(state).map(({ year, amount }): Command => ({
    ...frame('ReturnFunds', 'authority', [project.id, String(year), amount.toString()], on),
    data: {
      returnId: `completion-${year}${number === 1 ? '' : `-${number}`}`,
      fiscalYear: year,
      amount,
      reason: 'unspent when published as completed',
    },
  }));
  return [
    ...(held.suspendedByImport ? [resumption(project, on, frame, options)] : []),
    ...(state.status === 'finalizing' ? [] : [{ ...frame('StartFinalizing', 'authority', [project.id], on), data: {} }]),
    ...returns,
    { ...frame('FinalizeInitiative', 'finance', [project.id], on), data: {} },
  ];
}

/** The funding of all years together that is neither spent nor returned, allotted to years. */
function unspentByYear({ years }: Initiative): { year: FiscalYear; amount: Money }[] {
  const all = Object.entries(years).map(([year, sums]) => ({ year: Number(year), ...sums }));
  let rest = all.reduce((sum, { funded, spent, returned }) => sum + funded - spent - returned, 0n);
  const returns: { year: FiscalYear; amount: Money }[] = [];
  for (const { year, funded, returned } of all.sort((one, other) => other.year - one.year)) {
    const amount = funded - returned < rest ? funded - returned : rest;
    if (amount <= 0n) continue;
    returns.push({ year, amount });
    rest -= amount;
  }
  return returns;
}
