/** Folds the documents of initiatives, and derives each record's changes to the totals. */
import type { EventRecord } from '../../event-log/record.js';
import { StaleWrite, type ReadModels } from '../../read-models/ports.js';
import type { BatchDocuments } from '../batch-documents.js';
import type { Changed } from '../projection.js';
import { recordKey, type RecordInternal } from '../records/collection.js';
import { eventsOf, type Recorded } from '../records/recorded.js';
import { changeFromBody, changesAlone, changesOf, ownChange, postingOf, type Posting } from '../totals/changes.js';
import { programmes } from '../totals/collections.js';
import { nameGroups } from '../totals/dimensions.js';
import { noProgress } from '../totals/progress.js';
import { initiativeKey, initiatives } from './collection.js';
import { contentAfter } from './content.js';

/**
 * An initiative is folded past a record that has no document. Records are written first, so either another writer is active, or the documents come from
 * two copies of the store.
 */
export class RecordMissing extends StaleWrite {}

/** Folds the records of a batch into their initiatives, in order. */
export class InitiativesFold {
  /** Time zones of programmes that this batch establishes; their documents are folded last. */
  private readonly timeZones = new Map<string, string>();

  constructor(
    private readonly documents: BatchDocuments,
    private readonly models: ReadModels,
    private readonly generation: string,
  ) {}

  /** @returns each record's changes to the totals @throws {RecordMissing} */
  async fold(batch: readonly Recorded[], seenBefore: ReadonlyMap<string, RecordInternal>): Promise<Changed[]> {
    await this.documents.load(programmes, new Set(batch.map(({ record }) => record.programme)));
    await this.documents.load(initiatives, initiativesOf(batch));
    const earlier = await this.earlierPostings(batch);
    return batch.map((recorded) => this.foldSubject(recorded, seenBefore, earlier));
  }

  /** Folds a record into its initiative, and returns its changes to the totals. */
  private foldSubject(recorded: Recorded, seenBefore: ReadonlyMap<string, RecordInternal>, earlier: EarlierPostings): Changed {
    const { record } = recorded;
    if (record.type === 'ProgrammeEstablished') this.timeZones.set(record.programme, record.data.timeZone);
    if (record.type === 'CommandRefused' || record.initiative === undefined) return { recorded, changes: [ownChange(record)], alone: true };
    const folded = this.foldInitiative(recorded, record, earlier);
    const seen = seenBefore.size === 0 ? undefined : seenBefore.get(recordKey(record.programme, record.position));
    if (seen)
      return {
        recorded,
        changes: seen.changes?.map((body) => changeFromBody(body)) ?? [ownChange(record)],
        alone: seen.changes === undefined,
      };
    if (!folded)
      throw new RecordMissing(`${record.programme}/${record.initiative} is folded past record ${record.position}, which has no document`);
    return folded;
  }

  /** `undefined` if the initiative is folded past this event. */
  private foldInitiative(recorded: Recorded, event: EventRecord & { initiative: string }, earlier: EarlierPostings): Changed | undefined {
    const key = initiativeKey(event.programme, event.initiative);
    const known = this.documents.get(initiatives, key);
    if (known && known.position >= event.position) return undefined;
    const content = contentAfter(known, event, this.timeZoneOf(event.programme));
    if (!content) return { recorded, changes: [{ on: event.occurredOn, groups: new Map() }], alone: false };
    const before = known?.internal.progress ?? noProgress;
    const { progress } = content.internal;
    const alone = changesAlone(event, before, progress);
    const changes = alone ? [ownChange(event)] : changesOf(event, before, progress, () => earlier.of(key, event.position));
    earlier.add(key, event);
    this.documents.set(initiatives, key, event.position, content);
    return { recorded, changes, alone };
  }

  private timeZoneOf(programme: string): string {
    return this.timeZones.get(programme) ?? this.documents.get(programmes, programme)?.body.timeZone ?? 'UTC';
  }

  /** The postings, before this batch, of initiatives that may move to other groups in it. */
  private async earlierPostings(batch: readonly Recorded[]): Promise<EarlierPostings> {
    const earlier = new EarlierPostings();
    for (const { record } of batch) {
      if (record.type !== 'InitiativeAmended' || !nameGroups(record.data)) continue;
      const key = initiativeKey(record.programme, record.initiative);
      if (earlier.has(key)) continue;
      earlier.start(key);
      await this.documents.idle();
      for await (const event of eventsOf(this.models, this.generation, record)) earlier.add(key, event);
    }
    return earlier;
  }
}

/** Postings of initiatives that may move to other groups. */
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

function initiativesOf(batch: readonly Recorded[]): Set<string> {
  const keys = new Set<string>();
  for (const { record } of batch)
    if (record.initiative !== undefined && record.type !== 'CommandRefused') keys.add(initiativeKey(record.programme, record.initiative));
  return keys;
}
