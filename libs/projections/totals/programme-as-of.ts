/**
 * Totals as of a past day. Changes are kept by checkpoint interval (of recording) and day (of occurrence). The sum takes whole long intervals, then the
 * whole short intervals of the long one that contains the last known record, and then the records of the short interval that contains it, one by one.
 */
import type { LedgerRecord } from '../../event-log/record.js';
import type { Document, ReadModels } from '../../read-models/ports.js';
import { bodyOf, contentOf } from '../collection.js';
import { intervalOf, type Intervals, intervalStart, longIntervals, programmes, shortIntervals } from './collections.js';
import { recordKey, records } from '../records/collection.js';
import { isLater, type AsOf } from '../as-of.js';
import { pagesOf } from '../pages.js';
import { eventsOf, recordIn } from '../records/recorded.js';
import { termsAsOf, wasEstablished, type ProgrammeTerms } from './views.js';
import { addChange, changeFromBody, ownChange, type Change, type RunningGroups } from './changes.js';

/** A programme as of then; `position` is that of the last record that counts. */
export type ProgrammeAsOf = { terms: ProgrammeTerms; position: number; groups: RunningGroups };

/** @returns `undefined` if the programme is unknown, or was not established yet @throws the signal's reason once it is aborted */
export async function programmeAsOf(
  models: ReadModels,
  generation: string,
  code: string,
  asOf: AsOf,
  signal?: AbortSignal,
): Promise<ProgrammeAsOf | undefined> {
  const [document] = await models.get(generation, programmes.name, [code]);
  if (!document) return undefined;
  const programme = bodyOf(programmes, document);
  const history = new History(models, generation, code, signal);
  const last = asOf.knownBy === undefined ? programme.position : await history.lastKnownBy(asOf.knownBy, programme.position);
  const terms = await programmeTermsAsOf(models, generation, code, asOf, signal);
  if (last === 0 || !terms) return undefined;
  const sum = new Sum(asOf.occurredBy);
  for await (const { changes, position } of history.changesUpTo(last)) for (const change of changes) sum.add(change, position);
  return { terms, position: sum.position, groups: sum.groups };
}

/** A programme's terms as of then, from its own events alone. @returns `undefined` if it is unknown, or was not established yet */
export async function programmeTermsAsOf(
  models: ReadModels,
  generation: string,
  code: string,
  asOf: AsOf,
  signal?: AbortSignal,
): Promise<ProgrammeTerms | undefined> {
  let terms: ProgrammeTerms | undefined;
  for await (const event of eventsOf(models, generation, { programme: code }, signal)) {
    if (isLater(asOf, event)) break;
    terms = termsAsOf(terms, event, asOf);
  }
  return wasEstablished(terms, asOf) ? terms : undefined;
}

class Sum {
  readonly groups: RunningGroups = new Map();
  position = 0;
  constructor(private readonly occurredBy: string | undefined) {}

  /** Adds a change if its day is within the limit; `position` is that of its last record. */
  add(change: Change, position: number): void {
    if (this.occurredBy !== undefined && change.on > this.occurredBy) return;
    addChange(this.groups, change);
    this.position = Math.max(this.position, position);
  }
}

/** The changes of one record, or of all records of an interval on one day; `position` is that of the last record. */
type Changed = { changes: readonly Change[]; position: number };

/** The history of a programme, read from its documents. */
class History {
  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    private readonly programme: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The last position, at most `last`, recorded by a moment; 0 if there is none. `recordedAt` never decreases, so binary search finds it. */
  async lastKnownBy(knownBy: string, last: number): Promise<number> {
    let [known, unknown] = [0, last + 1];
    while (unknown - known > 1) {
      const middle = Math.floor((known + unknown) / 2);
      if ((await this.recordAt(middle)).recordedAt <= knownBy) known = middle;
      else unknown = middle;
    }
    return known;
  }

  async *changesUpTo(last: number): AsyncIterable<Changed> {
    const { recordedAt } = await this.recordAt(last);
    const long = intervalOf(longIntervals, recordedAt, last);
    const short = intervalOf(shortIntervals, recordedAt, last);
    yield* this.changesOfIntervals(longIntervals, { before: long });
    yield* this.changesOfIntervals(shortIntervals, {
      from: intervalOf(shortIntervals, recordedAt, intervalStart(longIntervals, last)),
      before: short,
    });
    yield* this.changesOfRecords(short, last);
  }

  private async *changesOfIntervals(
    { collection }: Intervals,
    { before, ...from }: { from?: string; before: string },
  ): AsyncIterable<Changed> {
    const query = { scope: this.programme, range: { ...from, to: before }, sort: 'interval' };
    for await (const documents of pagesOf(this.models, this.generation, collection.name, query, this.signal))
      for (const document of documents) {
        const { interval, change } = bodyOf(collection, document);
        if (interval < before) yield { changes: [changeFromBody(change)], position: document.position };
      }
  }

  private async *changesOfRecords(interval: string, last: number): AsyncIterable<Changed> {
    const first = intervalStart(shortIntervals, last);
    for (const document of await this.recordsAt(Array.from({ length: last - first + 1 }, (_, index) => first + index))) {
      const record = recordIn(document);
      const { changes } = contentOf(records, document).internal;
      if (intervalOf(shortIntervals, record.recordedAt, record.position) === interval)
        yield { changes: changes?.map(changeFromBody) ?? [ownChange(record)], position: record.position };
    }
  }

  private async recordAt(position: number): Promise<LedgerRecord> {
    const [document] = await this.recordsAt([position]);
    if (!document) throw new Error(`the read models have no record ${position} of ${this.programme}`);
    return recordIn(document);
  }
  private async recordsAt(positions: readonly number[]): Promise<Document[]> {
    const keys = positions.map((position) => recordKey(this.programme, position));
    return (await this.models.get(this.generation, records.name, keys)).filter((document) => document !== undefined);
  }
}
