/** The commands that bring the ledger to a release's content for one project. The first release needs all of them. */
import type { Command } from '../../../libs/domain/commands.js';
import { hasEnded } from '../../../libs/domain/lifecycle/status.js';
import type { IsoDate } from '../../../libs/domain/vocabulary.js';
import { corrections, type Correction } from './corrections.js';
import { contentOf, rowKeyOf, type HeldInitiative, type HeldRow, type Holdings } from './holdings.js';
import { framesFor, movementCommand, proposalOf, releaseInWords, termsOf, type PlanOptions } from './plan.js';
import type { Movement, Project } from './published.js';

/**
 * The commands for a project's terms and money, in their order.
 * @param leftOut the keys of rows that are left out: their entries in the ledger stay
 */
export function differences(project: Project, leftOut: ReadonlySet<string>, holdings: Holdings, options: PlanOptions): Command[] {
  const held = holdings.initiatives.get(project.initiative);
  const rows = holdings.rowsOf(project.initiative);
  if (!held) return [proposalOf(project, options), ...moneyCommands(project, leftOut, rows, options)];
  const amended = amendment(project, held, options);
  const authority = amended.length > 0 ? project.authority : held.state.terms.authority;
  const moved = moneyCommands({ ...project, authority }, leftOut, rows, options, hasEnded(held.state));
  return [...amended, ...(moved.length > 0 && held.suspendedByImport ? [resumption(project, options)] : []), ...moved];
}

/** This order leaves the most room for later commands. Commands of the phase as-published keep the order of their dates. */
const phases: readonly Correction['phase'][] = ['spending-down', 'funding-up', 'as-published', 'funding-down'];

function moneyCommands(
  project: Project,
  leftOut: ReadonlySet<string>,
  rows: ReadonlyMap<string, HeldRow>,
  options: PlanOptions,
  ended = false,
): Command[] {
  const changes: Correction[] = [];
  const again: Command[] = [];
  const published = new Set<string>();
  const correct = (key: string, row: HeldRow, movement?: Movement) => corrections({ key, row, movement, project, ended }, options);
  for (const movement of project.movements) {
    const key = rowKeyOf(movement);
    const row = rows.get(key);
    published.add(key);
    if (row && row.parts.length > 0) changes.push(...correct(key, row, movement));
    else {
      const command = movementCommand(movement, project, options);
      changes.push({ phase: 'as-published', command });
      if (wasRefused(command, row, options)) again.push(command);
    }
  }
  for (const [key, row] of rows) if (!published.has(key) && !leftOut.has(key)) changes.push(...correct(key, row));
  const isTouched = changes.length > again.length || [...rows.values()].some(({ edition }) => edition === options.edition.number);
  if (!isTouched) return [];
  return phases.flatMap((phase) => changes.filter((change) => change.phase === phase).map(({ command }) => command));
}

/** A row that was refused in an earlier release is tried again only if this release changes other money of the project. */
function wasRefused(command: Command, row: HeldRow | undefined, { edition }: PlanOptions): boolean {
  return row?.refused !== undefined && row.refused.edition.number < edition.number && row.refused.content === contentOf(command);
}

/** Amends the terms that changed since the last release, unless the ledger has them already. Amendments by others stay. */
function amendment(project: Project, { said, state }: HeldInitiative, options: PlanOptions): Command[] {
  const { language } = options;
  const { title, authority, authorityName, requestedAmount } = termsOf(project, options);
  const isNew = <T>(now: T, before: T, there: T) => now !== undefined && now !== before && now !== there;
  const newAuthority = isNew(authority, said.authority, state.terms.authority);
  const changes = {
    ...(isNew(title[language], said.title[language], state.terms.title[language]) && { title }),
    ...(newAuthority && { authority }),
    ...((newAuthority || isNew(authorityName, said.authorityName, state.terms.authorityName)) && { authorityName }),
    ...(isNew(requestedAmount, said.requestedAmount, state.terms.requestedAmount) && { requestedAmount }),
  };
  if (Object.keys(changes).length === 0) return [];
  const frame = framesFor(project, options)('AmendInitiative', 'finance', [project.id], latest(options.asOf, state.proposedOn));
  return [{ ...frame, data: { ...changes, reason: releaseInWords(options) } }];
}

/** A suspended initiative is resumed to correct its money, and suspended again afterwards. */
function resumption(project: Project, options: PlanOptions): Command {
  const frame = framesFor(project, options)('ResumeInitiative', 'finance', [project.id, 'money'], latest(options.asOf, project.proposedOn));
  return { ...frame, data: { reason: `${releaseInWords(options)}: its figures change` } };
}

/** The later of two days. */
export function latest(one: IsoDate, other: IsoDate): IsoDate {
  return one > other ? one : other;
}
