/**
 * How a record changes the totals of each day. The totals of a day come from the records dated by that day, folded in the order of their positions, so a
 * late record changes the past as well. A change has a day, and counts from that day on.
 *
 * On each day, an initiative adds one to the count of its status, and each of its postings to the sums of the posting's fiscal year, in each group that
 * it belongs to on that day. {@link contribution} lists this day by day. An event changes the totals by the contribution with it less the one without it.
 */
import { effectsOf, type SumsChanges } from '../../domain/effects.js';
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

/** Amounts to add to the totals of groups, for every day from `on` onwards. */
export type Change = { readonly on: IsoDate; readonly groups: ReadonlyMap<Group, Totals> };
/** A {@link Change} as a document holds it. Groups are no field names: a region may have a text that MongoDB does not take for one. */
export type ChangeBody = { on: string; groups: [group: string, totals: TotalsBody][] };
/** Totals of groups while changes are added to them. */
export type RunningGroups = Map<Group, RunningTotals>;

/** Money that an initiative received, spent or returned on a day. */
export type Posting = { readonly on: IsoDate; readonly sums: SumsChanges };

/** The posting of an event to fiscal years of its initiative, if it moves money. */
export function postingOf(event: EventRecord): Posting | undefined {
  const { sums } = event.initiative === undefined ? {} : effectsOf(event);
  return sums && { on: event.occurredOn, sums };
}

/**
 * The change that follows from a record alone: money in the groups that its context names, or a change of the programme itself. A refusal changes no
 * totals, but its day counts as seen.
 */
export function ownChange(record: LedgerRecord): Change {
  const on = record.occurredOn;
  if (record.type === 'CommandRefused') return { on, groups: new Map() };
  const { sums, year } = effectsOf(record);
  const sourced = sourceGroupsOf(record);
  if (record.initiative !== undefined) return sums ? posted(on, [...groupsIn(record), ...sourced], sums) : { on, groups: new Map() };
  const closed = year && { byYear: { [year.fiscalYear]: { closing: { on: year.closed ? on : null, position: record.position } } } };
  const own: [Group, Totals][] = [['programme', { version: record.version, ...(sums && totalsOf(sums)), ...closed }]];
  return { on, groups: new Map([...own, ...sourced.map((group): [Group, Totals] => [group, sums ? totalsOf(sums) : {}])]) };
}

/** The group of the source of the money that an event appropriates or funds, if it names one. */
function sourceGroupsOf(event: EventRecord): Group[] {
  const { source } = effectsOf(event);
  return source === undefined ? [] : [`source/${source}`];
}

/** The groups that a record's context names, in the order of the dimensions. */
function groupsIn({ context }: EventRecord): Group[] {
  const named: Readonly<Record<string, unknown>> = context;
  const groups: Group[] = ['programme'];
  for (const dimension of dimensionNames) {
    const value = named[dimension];
    if (typeof value === 'string') groups.push(`${dimension}/${value}`);
  }
  return groups;
}

/** Whether an event of an initiative makes only its {@link ownChange}: it is steady, and the groups of its money are those that its context names. */
export function changesAlone(event: EventRecord, before: Progress, after: Progress): boolean {
  if (!isSteady(event, before, after)) return false;
  return sameGroups(groupsOn(event.occurredOn, after), groupsIn(event)) || postingOf(event) === undefined;
}

/** Whether an event changes nothing but sums, in groups that its initiative belongs to from its day on. */
function isSteady(event: EventRecord, before: Progress, after: Progress): boolean {
  if (after !== before || nameIn(event) !== undefined) return false;
  return dimensionNames.every((dimension) => {
    const { [dimension]: values = [] } = after.values;
    const [first] = values;
    return first === undefined || (values.length === 1 && first.on <= event.occurredOn);
  });
}

/**
 * The changes that an event of an initiative makes, in the order of days, from its own day on.
 * @param earlier the initiative's earlier postings. Called only if a group changed, because its sums then move too.
 */
export function changesOf(event: EventRecord, before: Progress, after: Progress, earlier: () => readonly Posting[]): Change[] {
  if (isSteady(event, before, after)) return [steadyChange(event, after)];
  const changes = new ChangesByDay();
  changes.add(event.occurredOn, [], {});
  const moving = after.values !== before.values && before !== noProgress ? earlier() : [];
  if (after !== before) {
    changes.addAll(contribution(before, moving), negated);
    changes.addAll(contribution(after, moving));
  }
  const posting = postingOf(event);
  if (posting) {
    changes.addAll(contributionOf(posting, after));
    changes.add(event.occurredOn, sourceGroupsOf(event), totalsOf(posting.sums));
  }
  const name = nameIn(event);
  if (name !== undefined && 'authority' in event.context)
    changes.add(event.occurredOn, [`authority/${event.context.authority}`], { name: { text: name, position: event.position } });
  // Before the event's own day, the contributions with it and without it are equal.
  return changes.inOrder().filter(({ on }) => on >= event.occurredOn);
}

function steadyChange(event: EventRecord, progress: Progress): Change {
  const { occurredOn: on } = event;
  const posting = postingOf(event);
  if (!posting) return { on, groups: new Map() };
  return posted(on, [...groupsOn(on, progress), ...sourceGroupsOf(event)], posting.sums);
}

/** The name that an event gives its authority. */
function nameIn(event: EventRecord): string | undefined {
  return effectsOf(event).terms?.authorityName;
}

/** The changes by which an initiative and its postings make up their part of the totals, day by day. */
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

/** The changes of one posting: to the groups of its day and, from each later day on which the groups change, to the new groups. */
function* contributionOf({ on: first, sums }: Posting, progress: Progress): Iterable<Change> {
  let groups: readonly Group[] = [];
  const later = regroupings(progress).filter((day) => day > first);
  for (const on of later.length === 0 ? [first] : [first, ...later.sort()]) {
    const now = groupsOn(on, progress);
    if (sameGroups(groups, now)) continue;
    yield negative(on, posted(on, groups, sums));
    yield posted(on, now, sums);
    groups = now;
  }
}

function sameGroups(some: readonly Group[], others: readonly Group[]): boolean {
  return some.length === others.length && some.every((group, index) => group === others[index]);
}
function change(on: IsoDate, groups: readonly Group[], totals: Totals): Change {
  return { on, groups: new Map(groups.map((group) => [group, totals])) };
}
/** The change of a posting to groups. What the law appropriates is the programme's alone. */
function posted(on: IsoDate, groups: readonly Group[], sums: SumsChanges): Change {
  const whole = totalsOf(sums);
  const movesAppropriation = sums.some(({ appropriated }) => appropriated !== undefined);
  const part = movesAppropriation ? totalsOf(sums.map(({ appropriated: _, ...others }) => others)) : whole;
  return { on, groups: new Map(groups.map((group) => [group, group === 'programme' ? whole : part])) };
}
function negative(on: IsoDate, { groups }: Change): Change {
  return { on, groups: new Map([...groups].map(([group, totals]) => [group, negated(totals)])) };
}

/** Adds a change to running totals. */
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
  return { on, groups: [...groups].map(([group, totals]) => [group, totalsToBody(totals)]) };
}
/** The change in a document, with the groups that are wanted only. */
export function changeFromBody(
  { on, groups }: ChangeBody,
  isWanted: (group: Group) => boolean = everyGroup,
): Change & { groups: RunningGroups } {
  const read: RunningGroups = new Map();
  for (const [group, totals] of groups) if (isGroup(group) && isWanted(group)) read.set(group, totalsFromBody(totals));
  return { on, groups: read };
}
const everyGroup = () => true;

/** Only this file writes groups into documents. */
function isGroup(text: string): text is Group {
  return text === 'programme' || text.includes('/');
}
