/** Folds the changes of a batch into the totals of programmes, of groups of their initiatives, of both by month, and of each checkpoint interval and day. */
import type { JsonObject } from '../../read-models/ports.js';
import type { BatchDocuments } from '../batch-documents.js';
import type { Collection, Content } from '../collection.js';
import {
  groupingOf,
  groupKey,
  groups,
  intervalOf,
  longIntervals,
  months,
  programmes,
  shortIntervals,
  type GroupInternal,
  type Intervals,
  type MonthBody,
  type MonthInternal,
} from './collections.js';
import type { Changed, Projection } from '../projection.js';
import { groupView, programmeView, termsAfter, termsIn, type GroupView, type ProgrammeTerms } from './views.js';
import { addChange, changeFromBody, changeToBody, type Change, type RunningGroups } from './changes.js';
import { dimensionOf, isOfDimension, type Group, type GroupOfDimension } from './dimensions.js';
import { reachedAfter, type ReachedByYear } from '../notices/reached-by-year.js';
import { addTo, totalsFromBody, totalsToBody, type RunningTotals, type Totals, type TotalsBody } from './totals.js';

/** A running sum. It already has the records up to `seen`; `position` is the newest record added now. */
type Running<S> = { sum: S; seen: number; position: number };
type RunningInterval = Running<RunningGroups> & { programme: string; interval: string; on: string };

export const totalsProjection: Projection = {
  collections: [shortIntervals.collection, longIntervals.collection, groups, months, programmes],
  async fold(documents, changed) {
    for (const intervals of [shortIntervals, longIntervals]) await foldIntervals(documents, changed, intervals);
    await foldApart(documents, changed, byGroup);
    await foldApart(documents, changed, byMonth);
    foldProgrammes(documents, changed);
  },
};

async function foldIntervals(documents: BatchDocuments, changed: readonly Changed[], intervals: Intervals): Promise<void> {
  const { collection } = intervals;
  const running = new Map<string, RunningInterval>();
  const additions: { one: RunningInterval; change: Change; position: number }[] = [];
  let last: RunningInterval | undefined;
  for (const {
    recorded: { record },
    changes,
  } of changed) {
    const { programme, position } = record;
    const interval = intervalOf(intervals, record.recordedAt, position);
    for (const change of changes) {
      const { on } = change;
      // Consecutive records mostly share programme, interval and day.
      if (last?.programme !== programme || last.interval !== interval || last.on !== on) {
        const key = `${programme}/${interval}/${on}`;
        last = running.get(key) ?? { programme, interval, on, sum: new Map(), seen: 0, position: 0 };
        running.set(key, last);
      }
      additions.push({ one: last, change, position });
    }
  }
  await documents.load(collection, running.keys());
  for (const [key, one] of running) {
    const known = documents.get(collection, key);
    if (known) Object.assign(one, { sum: changeFromBody(known.body.change).groups, seen: known.position });
  }
  for (const { one, change, position } of additions) {
    if (position <= one.seen) continue;
    addChange(one.sum, change);
    one.position = position;
  }
  for (const [key, { programme, interval, on, sum, position }] of running)
    if (position > 0)
      documents.set(collection, key, position, {
        body: { programme, interval, change: changeToBody({ on, groups: sum }) },
        internal: undefined,
      });
}

/** Totals that are kept apart from each other, one in each document of a collection. `O` is what a document's totals are of. */
type Apart<O, B extends JsonObject, I extends JsonObject | undefined> = {
  readonly collection: Collection<B, I>;
  /** What a change adds to each document that it touches. */
  readonly parts: (programme: string, change: Change) => Iterable<{ key: string; of: O; totals: Totals }>;
  readonly totalsIn: (content: Content<B, I>) => TotalsBody;
  readonly content: (of: O, sum: RunningTotals) => Content<B, I>;
};

async function foldApart<O, B extends JsonObject, I extends JsonObject | undefined>(
  documents: BatchDocuments,
  changed: readonly Changed[],
  { collection, parts, totalsIn, content }: Apart<O, B, I>,
): Promise<void> {
  const running = new Map<string, Running<RunningTotals> & { of: O }>();
  const additions: { one: Running<RunningTotals>; totals: Totals; position: number }[] = [];
  for (const { recorded, changes } of changed)
    for (const change of changes)
      for (const { key, of, totals } of parts(recorded.record.programme, change)) {
        const one = running.get(key) ?? { of, sum: {}, seen: 0, position: 0 };
        running.set(key, one);
        additions.push({ one, totals, position: recorded.record.position });
      }
  await documents.load(collection, running.keys());
  for (const [key, one] of running) {
    const known = documents.get(collection, key);
    if (known) Object.assign(one, { sum: totalsFromBody(totalsIn(known)), seen: known.position });
  }
  for (const { one, totals, position } of additions) {
    if (position <= one.seen) continue;
    addTo(one.sum, totals);
    one.position = position;
  }
  for (const [key, { of, sum, position }] of running) if (position > 0) documents.set(collection, key, position, content(of, sum));
}

type OfGroup = { programme: string; group: GroupOfDimension };
const byGroup: Apart<OfGroup, GroupView, GroupInternal> = {
  collection: groups,
  *parts(programme, change) {
    for (const [group, totals] of change.groups)
      if (isOfDimension(group)) yield { key: groupKey(programme, group), of: { programme, group }, totals };
  },
  totalsIn: ({ internal }) => internal.totals,
  content: ({ programme, group }, sum) => ({
    body: groupView(programme, group, sum),
    internal: { grouping: groupingOf(programme, dimensionOf(group).dimension), totals: totalsToBody(sum) },
  }),
};

type OfMonth = { programme: string; group: Group; month: string };
const byMonth: Apart<OfMonth, MonthBody, MonthInternal> = {
  collection: months,
  *parts(programme, { on, groups: changedGroups }) {
    const month = on.slice(0, 7);
    for (const [group, totals] of changedGroups) yield { key: `${programme}/${group}/${month}`, of: { programme, group, month }, totals };
  },
  totalsIn: ({ body }) => body.totals,
  content: ({ programme, group, month }, sum) => ({
    body: { group, month, totals: totalsToBody(sum) },
    internal: { grouping: groupingOf(programme, isOfDimension(group) ? dimensionOf(group).dimension : group) },
  }),
};

type RunningProgramme = Running<RunningTotals> & { lastRecordedAt: string; terms: ProgrammeTerms | undefined; reached: ReachedByYear };

function foldProgrammes(documents: BatchDocuments, changed: readonly Changed[]): void {
  const running = new Map<string, RunningProgramme>();
  for (const { recorded, changes } of changed) {
    const { record } = recorded;
    const one = running.get(record.programme) ?? asKnown(documents, record.programme);
    running.set(record.programme, one);
    if (record.position <= one.seen) continue;
    if (record.type !== 'CommandRefused') one.terms = termsAfter(one.terms, record);
    for (const { groups: changedGroups } of changes) addTo(one.sum, changedGroups.get('programme') ?? {});
    one.reached = reachedAfter(one.reached, record, one.sum);
    one.position = record.position;
    one.lastRecordedAt = record.recordedAt;
  }
  for (const [key, { terms, sum, position, lastRecordedAt, reached }] of running)
    if (terms && position > 0)
      documents.set(programmes, key, position, {
        body: programmeView(terms, { position, lastRecordedAt }, sum),
        internal: { everyProgramme: 'programmes', totals: totalsToBody(sum), reached },
      });
}

function asKnown(documents: BatchDocuments, programme: string): RunningProgramme {
  const known = documents.get(programmes, programme);
  if (!known) return { terms: undefined, sum: {}, seen: 0, position: 0, lastRecordedAt: '', reached: {} };
  const { totals, reached } = known.internal;
  return {
    ...{ terms: termsIn(known.body), sum: totalsFromBody(totals), reached },
    ...{ seen: known.position, position: 0, lastRecordedAt: known.body.lastRecordedAt },
  };
}
