/**
 * Walks the history of a programme, as of a past day or now, as changes by day. Changes are kept by checkpoint interval (of recording) and day (of
 * occurrence). The walk takes whole long intervals, then the whole short intervals of the long one that contains the last known record, and then the records
 * of the short interval that contains it, one by one.
 */
import type { LedgerRecord } from '../../event-log/record.js';
import type { Document, ReadModels } from '../../read-models/ports.js';
import { isLater, type AsOf } from '../as-of.js';
import { bodyOf, contentOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import { recordKey, records } from '../records/collection.js';
import { eventsOf, recordIn } from '../records/recorded.js';
import { lastPosition, recordAt } from '../records/recorded-by.js';
import { changeFromBody, ownChange, type Change } from './changes.js';
import { intervalOf, type Intervals, intervalStart, longIntervals, programmes, shortIntervals } from './collections.js';
import type { Group } from './dimensions.js';
import { termsAsOf, wasEstablished, type ProgrammeTerms } from './views.js';

/** The groups to read, every one if absent; the last position that counts, the head if absent; and the signal that ends the walk. */
export type Walk = { isWanted?: ((group: Group) => boolean) | undefined; upTo?: number | undefined; signal?: AbortSignal | undefined };
/** Changes of one record, or of all records of an interval on one day; `position` is that of the last record. */
export type Walked = { change: Change; position: number };
/** A programme's terms as of then, and the changes that make up its totals. */
export type HistoryAsOf = { terms: ProgrammeTerms; changes: AsyncIterable<Walked> };

/**
 * @returns `undefined` if the programme is unknown, or was not established yet
 * @throws the signal's reason once it is aborted; the changes throw it too
 */
export async function historyAsOf(
  models: ReadModels,
  generation: string,
  code: string,
  asOf: AsOf,
  walk: Walk = {},
): Promise<HistoryAsOf | undefined> {
  const [document] = await models.get(generation, programmes.name, [code]);
  if (!document) return undefined;
  // A save writes heads after all documents, so everything up to the head is there.
  const head = Math.min(bodyOf(programmes, document).position, (await models.head(generation, code))?.position ?? 0);
  const position = Math.min(head, walk.upTo ?? head);
  const history = new History(models, generation, code, walk);
  const last =
    asOf.knownBy === undefined
      ? position
      : await lastPosition(models, generation, code, position, (recordedAt) => !isLater(asOf, { recordedAt }));
  const terms = await programmeTermsAsOf(models, generation, code, asOf, walk.signal);
  return last === 0 || !terms ? undefined : { terms, changes: history.changesUpTo(last, asOf) };
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

/** The history of a programme, read from its documents. */
class History {
  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    private readonly programme: string,
    private readonly walk: Walk,
  ) {}

  /** The changes up to a position that are dated by the day. */
  async *changesUpTo(last: number, { occurredBy }: AsOf): AsyncIterable<Walked> {
    for await (const walked of this.everyChangeUpTo(last)) if (occurredBy === undefined || walked.change.on <= occurredBy) yield walked;
  }

  private async *everyChangeUpTo(last: number): AsyncIterable<Walked> {
    const { recordedAt } = await recordAt(this.models, this.generation, this.programme, last);
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
  ): AsyncIterable<Walked> {
    const { isWanted, signal } = this.walk;
    const query = { scope: this.programme, range: { ...from, to: before }, sort: 'interval' };
    for await (const documents of pagesOf(this.models, this.generation, collection.name, query, signal))
      for (const document of documents) {
        const { interval, change } = bodyOf(collection, document);
        if (interval < before) yield { change: changeFromBody(change, isWanted), position: document.position };
      }
  }

  private async *changesOfRecords(interval: string, last: number): AsyncIterable<Walked> {
    const { isWanted, signal } = this.walk;
    signal?.throwIfAborted();
    const first = intervalStart(shortIntervals, last);
    for (const document of await this.recordsAt(Array.from({ length: last - first + 1 }, (_, index) => first + index))) {
      const record = recordIn(document);
      if (intervalOf(shortIntervals, record.recordedAt, record.position) !== interval) continue;
      for (const change of changesIn(document, record, isWanted)) yield { change, position: record.position };
    }
  }

  private async recordsAt(positions: readonly number[]): Promise<Document[]> {
    const keys = positions.map((position) => recordKey(this.programme, position));
    return (await this.models.get(this.generation, records.name, keys)).filter((document) => document !== undefined);
  }
}

/** The changes that a record makes to the totals of the wanted groups, from its document. */
export function changesIn(document: Document, record: LedgerRecord, isWanted?: (group: Group) => boolean): Change[] {
  const { changes } = contentOf(records, document).internal;
  return changes?.map((body) => changeFromBody(body, isWanted)) ?? [onlyWanted(ownChange(record), isWanted)];
}

function onlyWanted({ on, groups }: Change, isWanted: Walk['isWanted']): Change {
  return isWanted ? { on, groups: new Map([...groups].filter(([group]) => isWanted(group))) } : { on, groups };
}
