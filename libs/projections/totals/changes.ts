/**
 * How a record changes the totals of each day. The totals of a day are those of the records dated by then, folded in the order of their positions, so a
 * record that comes late changes the past as well. A change has a day, and counts from that day on.
 *
 * An initiative contributes one to the count of its status, and every posting to the sums of its fiscal year, in each group that the initiative belongs to
 * on that day. {@link contribution} lists this day by day. An event changes the totals by the contribution with it less the contribution without it.
 */
import { effectsOf, type SumsChange } from '../../domain/effects.js';
import type { EventRecord, LedgerRecord } from '../../event-log/record.js';
import type { IsoDate } from '../../domain/vocabulary.js';
import { dimensionNames, type Group } from './dimensions.js';
import { daysOf, groupsOn, noProgress, regroupings, statusOn, yearsBy, type Progress } from './progress.js';
import {
  addTo,
  negated,
  running,
  totalsFromBody,
  totalsOf,
  totalsToBody,
  type RunningTotals,
  type Totals,
  type TotalsBody,
} from './totals.js';

/** From `on` on, the totals of these groups differ by this. */
export type Change = { readonly on: IsoDate; readonly groups: ReadonlyMap<Group, Totals> };
/** A {@link Change} as it stands in a document. */
export type ChangeBody = { on: string; groups: { [group: string]: TotalsBody } };
/** Totals of groups, while changes are added up. */
export type RunningGroups = Map<Group, RunningTotals>;

/** Money of one fiscal year that an initiative was given, spent or gave back on a day. */
export type Posting = { readonly on: IsoDate; readonly sums: SumsChange };

/** What an event posts to a fiscal year of its initiative, if it moves money. */
export function postingOf(event: EventRecord): Posting | undefined {
  const { sums } = event.initiative === undefined ? {} : effectsOf(event);
  return sums && { on: event.occurredOn, sums };
}

/**
 * What a record changes if it alone says so: money in the groups that its context names, or a change of the programme itself. A refusal changes nothing,
 * but counts as seen on its day.
 */
export function ownChange(record: LedgerRecord): Change {
  const on = record.occurredOn;
  if (record.type === 'CommandRefused') return { on, groups: new Map() };
  const { sums, year } = effectsOf(record);
  if (record.initiative !== undefined) return { on, groups: new Map(sums && groupsIn(record).map((group) => [group, totalsOf(sums)])) };
  const closed = year && { byYear: { [year.fiscalYear]: { closing: { on: year.closed ? on : null, position: record.position } } } };
  return { on, groups: new Map([['programme', { version: record.version, ...(sums && totalsOf(sums)), ...closed }]]) };
}

/** The groups that a record names itself. */
function groupsIn({ context }: EventRecord): Group[] {
  return 'authority' in context ? ['programme', `authority/${context.authority}`] : ['programme'];
}

/** Whether an event of an initiative changes nothing but its {@link ownChange}: the progress stays, and the groups are those that the record names. */
export function changesAlone(event: EventRecord, before: Progress, after: Progress): boolean {
  if (after !== before || nameIn(event) !== undefined) return false;
  if (dimensionNames.some((dimension) => (after.values[dimension]?.length ?? 0) > 1)) return false;
  return sameGroups(groupsOn(event.occurredOn, after), groupsIn(event));
}

/**
 * What an event of an initiative changes, in the order of days, beginning on its own day.
 * @param earlier what the initiative posted before. Asked for only if a group changed, since its sums then move along.
 */
export function changesOf(event: EventRecord, before: Progress, after: Progress, earlier: () => readonly Posting[]): Change[] {
  const changes = new ChangesByDay();
  changes.add(event.occurredOn, [], {});
  const moving = after.values !== before.values && before !== noProgress ? earlier() : [];
  if (after !== before) {
    changes.addAll(contribution(before, moving), negated);
    changes.addAll(contribution(after, moving));
  }
  const posting = postingOf(event);
  if (posting) changes.addAll(contributionOf(posting, after));
  const name = nameIn(event);
  if (name !== undefined && 'authority' in event.context)
    changes.add(event.occurredOn, [`authority/${event.context.authority}`], { name: { text: name, position: event.position } });
  // The contributions before the event's own day are the same, with it and without it.
  return changes.inOrder().filter(({ on }) => on >= event.occurredOn);
}

/** The name that an event gives its authority. */
function nameIn(event: EventRecord): string | undefined {
  return effectsOf(event).terms?.authorityName;
}

/** What an initiative and its postings add to the totals, day by day. */
function* contribution(progress: Progress, postings: readonly Posting[]): Iterable<Change> {
  let last: Change | undefined;
  for (const on of daysOf(progress)) {
    const status = statusOn(on, progress);
    if (!status) continue;
    const counts = { [status]: 1 };
    const counted: Totals = { counts, byYear: Object.fromEntries(yearsBy(on, progress).map((year) => [year, { counts }])) };
    if (last) yield negative(on, last);
    yield (last = change(on, groupsOn(on, progress), counted));
  }
  for (const posting of postings) yield* contributionOf(posting, progress);
}

/** What one posting adds: to the groups of its day, and from each later day on which they change to the new ones. */
function* contributionOf({ on: first, sums }: Posting, progress: Progress): Iterable<Change> {
  let groups: readonly Group[] = [];
  const totals = totalsOf(sums);
  const later = regroupings(progress).filter((day) => day > first);
  for (const on of later.length === 0 ? [first] : [first, ...later.sort()]) {
    const now = groupsOn(on, progress);
    if (sameGroups(groups, now)) continue;
    yield negative(on, change(on, groups, totals));
    yield change(on, now, totals);
    groups = now;
  }
}

function sameGroups(some: readonly Group[], others: readonly Group[]): boolean {
  return some.length === others.length && some.every((group, index) => group === others[index]);
}
function change(on: IsoDate, groups: readonly Group[], totals: Totals): Change {
  return { on, groups: new Map(groups.map((group) => [group, totals])) };
}
function negative(on: IsoDate, { groups }: Change): Change {
  return { on, groups: new Map([...groups].map(([group, totals]) => [group, negated(totals)])) };
}

/** Adds a change to what is added up already. */
export function addChange(sum: RunningGroups, { groups }: Pick<Change, 'groups'>): void {
  for (const [group, totals] of groups) {
    const known = sum.get(group);
    if (known) addTo(known, totals);
    else sum.set(group, running(totals));
  }
}

/** Changes added up by day. */
class ChangesByDay {
  private readonly days = new Map<IsoDate, RunningGroups>();

  add(on: IsoDate, groups: readonly Group[], totals: Totals): void {
    const day = this.days.get(on) ?? new Map<Group, RunningTotals>();
    this.days.set(on, day);
    addChange(day, change(on, groups, totals));
  }
  addAll(changes: Iterable<Change>, as: (totals: Totals) => Totals = (totals) => totals): void {
    for (const { on, groups } of changes) for (const [group, totals] of groups) this.add(on, [group], as(totals));
  }
  inOrder(): Change[] {
    return [...this.days].map(([on, groups]) => ({ on, groups })).sort((one, other) => (one.on < other.on ? -1 : 1));
  }
}

export function changeToBody({ on, groups }: Change): ChangeBody {
  return { on, groups: Object.fromEntries([...groups].map(([group, totals]) => [group, totalsToBody(totals)])) };
}
export function changeFromBody({ on, groups }: ChangeBody): Change & { groups: RunningGroups } {
  const read: RunningGroups = new Map();
  for (const [group, totals] of Object.entries(groups)) if (isGroup(group)) read.set(group, totalsFromBody(totals));
  return { on, groups: read };
}

/** Only this file writes groups into documents. */
function isGroup(text: string): text is Group {
  return text === 'programme' || text.includes('/');
}
