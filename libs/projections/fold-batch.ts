/**
 * Folds a batch of the log's entries into documents: reads what they touch, folds every record in its order, and gives each touched document once.
 * Every document names the position it is folded to and skips what it has seen, so folding the same entries again changes nothing.
 */
import type { Entry, Head } from '../event-log/ports.js';
import type { EventRecord } from '../event-log/record.js';
import { StaleWrite, type ReadModels, type Write } from '../read-models/ports.js';
import { BatchDocuments } from './batch-documents.js';
import {
  commandKey,
  contentOf,
  initiativeKey,
  initiatives,
  programmes,
  recordKey,
  records,
  streamOf,
  type Content,
  type InitiativeInternal,
  type RecordInternal,
} from './collections.js';
import { foldInitiative, type InitiativeView } from './initiative-view.js';
import { eventsOf, recordsIn, type Recorded } from './recorded.js';
import { changeFromBody, changesAlone, changesOf, changeToBody, ownChange, postingOf, type Posting } from './totals/changes.js';
import { foldTotals, type Changed } from './totals/fold-totals.js';
import { advanced, noProgress } from './totals/progress.js';
import { WrittenDocuments } from './written-documents.js';

export { foldedOn } from './batch-documents.js';

/** The documents a batch leaves behind, and the heads of the programmes it touched. */
export type FoldedBatch = { writes: Write[]; heads: Map<string, Head> };

/**
 * An initiative is folded past a record that is not among the documents. Records are written first, so either another writer is at work, or the documents
 * are of two copies of the store.
 */
export class RecordMissing extends StaleWrite {}

/** @throws {LogUnreadable} */
export async function foldBatch(
  models: ReadModels,
  generation: string,
  entries: readonly Entry[],
  written = new WrittenDocuments(models, generation),
): Promise<FoldedBatch> {
  return new BatchFold(new BatchDocuments(written), models, generation).fold(recordsIn(entries));
}

class BatchFold {
  /** Of programmes that this batch establishes: their documents come last. */
  private readonly timeZones = new Map<string, string>();

  constructor(
    private readonly documents: BatchDocuments,
    private readonly models: ReadModels,
    private readonly generation: string,
  ) {}

  async fold(batch: readonly Recorded[]): Promise<FoldedBatch> {
    const seenBefore = await this.recordsSeenBefore(batch);
    await this.documents.load(programmes, new Set(batch.map(({ record }) => record.programme)));
    await this.documents.load(initiatives, initiativesOf(batch));
    const earlier = await this.earlierPostings(batch);
    const changed = batch.map((recorded) => this.foldSubject(recorded, seenBefore, earlier));
    await foldTotals(this.documents, changed);
    // Records first: what they change is read from them where a save was interrupted.
    const unseen = changed.filter(({ recorded: { record } }) => !seenBefore.has(recordKey(record.programme, record.position)));
    return { writes: [...unseen.map(writeOf), ...this.documents.writes()], heads: headsOf(batch) };
  }

  /** Folds a record into its initiative, and says what it changes in the totals. */
  private foldSubject(recorded: Recorded, seenBefore: ReadonlyMap<string, RecordInternal>, earlier: EarlierPostings): Changed {
    const { record } = recorded;
    if (record.type === 'ProgrammeEstablished') this.timeZones.set(record.programme, record.data.timeZone);
    if (record.type === 'CommandRefused' || record.initiative === undefined) return { recorded, changes: [ownChange(record)], alone: true };
    const folded = this.foldInitiative(recorded, record, earlier);
    const seen = seenBefore.size === 0 ? undefined : seenBefore.get(recordKey(record.programme, record.position));
    if (seen) return { recorded, changes: seen.changes?.map(changeFromBody) ?? [ownChange(record)], alone: seen.changes === undefined };
    if (!folded)
      throw new RecordMissing(`${record.programme}/${record.initiative} is folded past record ${record.position}, which is missing`);
    return folded;
  }

  /** `undefined` where the initiative is folded past this event. */
  private foldInitiative(recorded: Recorded, event: EventRecord & { initiative: string }, earlier: EarlierPostings): Changed | undefined {
    const key = initiativeKey(event.programme, event.initiative);
    const known = this.documents.get(initiatives, key);
    if (known && known.position >= event.position) return undefined;
    const fold = foldInitiative(known && { view: known.body, daysLate: known.internal.daysLate }, event, this.timeZoneOf(event.programme));
    if (!fold) return { recorded, changes: [{ on: event.occurredOn, groups: new Map() }], alone: false };
    const before = known?.internal.progress ?? noProgress;
    const progress = advanced(before, event);
    const alone = changesAlone(event, before, progress);
    const changes = alone ? [ownChange(event)] : changesOf(event, before, progress, () => earlier.of(key, event.position));
    earlier.add(key, event);
    this.documents.set(initiatives, key, event.position, {
      body: fold.view,
      internal: { searched: searchedIn(fold.view, known), progress, daysLate: fold.daysLate },
    });
    return { recorded, changes, alone };
  }

  private timeZoneOf(programme: string): string {
    return this.timeZones.get(programme) ?? this.documents.get(programmes, programme)?.body.timeZone ?? 'UTC';
  }

  /** What an interrupted save had written already of these records: what they change is read, as their initiatives have moved on. */
  private async recordsSeenBefore(batch: readonly Recorded[]): Promise<ReadonlyMap<string, RecordInternal>> {
    const firsts = new Map<string, string>();
    for (const { record } of batch)
      if (!firsts.has(record.programme)) firsts.set(record.programme, recordKey(record.programme, record.position));
    const found = await this.recordsOf([...firsts.values()]);
    const again = new Set([...firsts].filter(([, key]) => found.has(key)).map(([programme]) => programme));
    if (again.size === 0) return found;
    const whole = batch.filter(({ record }) => again.has(record.programme));
    return this.recordsOf(whole.map(({ record }) => recordKey(record.programme, record.position)));
  }

  private async recordsOf(keys: readonly string[]): Promise<Map<string, RecordInternal>> {
    const found = await this.models.get(this.generation, records.name, keys);
    return new Map(found.flatMap((document) => (document ? [[document.key, contentOf(records, document).internal]] : [])));
  }

  /** What initiatives that change hands in this batch had posted before it. */
  private async earlierPostings(batch: readonly Recorded[]): Promise<EarlierPostings> {
    const earlier = new EarlierPostings();
    for (const { record } of batch) {
      if (record.type !== 'InitiativeAmended' || record.data.authority === undefined) continue;
      const key = initiativeKey(record.programme, record.initiative);
      if (earlier.has(key)) continue;
      earlier.start(key);
      await this.documents.idle();
      for await (const event of eventsOf(this.models, this.generation, record)) earlier.add(key, event);
    }
    return earlier;
  }
}

/** What initiatives posted, kept only for those that change hands. */
class EarlierPostings {
  private readonly postings = new Map<string, { position: number; posting: Posting }[]>();

  has(key: string): boolean {
    return this.postings.has(key);
  }
  start(key: string): void {
    this.postings.set(key, []);
  }
  add(key: string, event: EventRecord): void {
    const known = this.postings.get(key);
    const posting = known && postingOf(event);
    if (posting && !known.some(({ position }) => position === event.position)) known.push({ position: event.position, posting });
  }
  of(key: string, before: number): Posting[] {
    return (this.postings.get(key) ?? []).filter(({ position }) => position < before).map(({ posting }) => posting);
  }
}

/** A record's document: its exact text, and where the command that made it is looked up by its first record, which command that was. */
function writeOf({ recorded: { record, text, hash, place, command }, changes, alone }: Changed): Write {
  const internal: RecordInternal = { stream: streamOf(record.programme, record.initiative), place, hash };
  if (record.version !== undefined) internal.version = record.version;
  if (command?.index === 0) {
    internal.command = commandKey(record.programme, command.organisation, command.id);
    if (command.count > 1) internal.count = command.count;
  }
  if (!alone) internal.changes = changes.map(changeToBody);
  const document = { key: recordKey(record.programme, record.position), position: record.position, body: text, internal };
  return { collection: records.name, document };
}

function initiativesOf(batch: readonly Recorded[]): Set<string> {
  const keys = new Set<string>();
  for (const { record } of batch)
    if (record.initiative !== undefined && record.type !== 'CommandRefused') keys.add(initiativeKey(record.programme, record.initiative));
  return keys;
}

/** Code and titles, which seldom change. */
function searchedIn(view: InitiativeView, known: Content<InitiativeView, InitiativeInternal> | undefined): string {
  return known?.body.title === view.title ? known.internal.searched : [view.initiative, ...Object.values(view.title)].join('\n');
}

function headsOf(batch: readonly Recorded[]): Map<string, Head> {
  const heads = new Map<string, Head>();
  for (const { record, hash } of batch) heads.set(record.programme, { position: record.position, hash, recordedAt: record.recordedAt });
  return heads;
}
