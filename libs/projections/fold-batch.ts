/**
 * Folds a batch of the log's entries into documents: reads what they touch, folds every record in its order, and gives each touched document once.
 * Every document names the position it is folded to and skips what it has seen, so folding the same entries again changes nothing.
 */
import type { Entry, Head, Place } from '../event-log/ports.js';
import { LogUnreadable } from '../event-log/ports.js';
import { decodeRecord, hashOf, type EventRecord, type LedgerRecord } from '../event-log/record.js';
import { StaleWrite, type Document, type JsonObject, type ReadModels, type Write } from '../read-models/ports.js';
import {
  authorities,
  authorityKey,
  bodyOf,
  commandKey,
  commands,
  initiativeKey,
  initiatives,
  programmes,
  recordKey,
  records,
  streamOf,
  stretchOf,
  sums,
  contentOf,
  type Collection,
  type CommandBody,
  type Content,
  type InitiativeInternal,
  type RecordBody,
} from './collections.js';
import { foldInitiative, type InitiativeFold, type InitiativeView } from './initiative-view.js';
import { plus, tallyFromBody, tallyToBody, type Tally } from './tally.js';
import { continued, untouched, type Track } from './track.js';
import {
  nothing,
  plusTurn,
  postingOf,
  turnFromBody,
  turnsOfInitiative,
  turnsOfProgramme,
  turnToBody,
  type Posting,
  type Turn,
} from './turns.js';
import { WrittenDocuments } from './written-documents.js';
import { authorityView, programmeView, type ProgrammeTerms } from './views.js';

/** A record as it lies in the log. */
export type Recorded = { record: LedgerRecord; text: string; hash: string; place: Place; entry: Entry };
/** The collections whose documents are folded on; a record's and a command's are written once. */
export const foldedOn: ReadonlySet<string> = new Set([initiatives, sums, authorities, programmes].map(({ name }) => name));
/** The documents a batch leaves behind, and the heads of the programmes it touched. */
export type FoldedBatch = { writes: Write[]; heads: Map<string, Head> };

/**
 * An initiative is folded past a record that is not among the documents. Records are written first, so either another writer is at work, or the documents
 * are of two copies of the store.
 */
export class RecordMissing extends StaleWrite {}

const decoder = new TextDecoder();

/** Reads the records among some entries. @throws {LogUnreadable} naming the place of one that this version can't read */
export function recordsIn(entries: readonly Entry[]): Recorded[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'answer') return [];
    try {
      const record = decodeRecord(entry.bytes);
      return [{ record, text: decoder.decode(entry.bytes), hash: hashOf(entry.bytes), place: entry.place, entry }];
    } catch (cause) {
      throw new LogUnreadable(entry.place, `the entry at place ${entry.place} is no record this version can read`, { cause });
    }
  });
}

/** @throws {LogUnreadable} */
export async function foldBatch(
  models: ReadModels,
  generation: string,
  entries: readonly Entry[],
  written = new WrittenDocuments(models, generation),
): Promise<FoldedBatch> {
  const batch = recordsIn(entries);
  const fold = new BatchFold(new Documents(written), models, generation);
  return fold.fold(batch);
}

class BatchFold {
  constructor(
    private readonly documents: Documents,
    private readonly models: ReadModels,
    private readonly generation: string,
  ) {}

  async fold(batch: readonly Recorded[]): Promise<FoldedBatch> {
    const seenBefore = await this.recordsSeenBefore(batch);
    await this.documents.load(programmes, new Set(batch.map(({ record }) => record.programme)));
    await this.documents.load(initiatives, initiativesOf(batch));
    const earlier = await this.earlierPostings(batch);
    const turned = batch.map((recorded) => ({ recorded, turns: this.foldSubject(recorded, seenBefore, earlier) }));
    this.foldRecords(turned);
    await this.foldCommands(batch);
    await this.foldSums(turned);
    await this.foldAuthorities(turned);
    this.foldProgrammes(turned);
    return { writes: this.documents.writes(), heads: headsOf(batch) };
  }

  /** Folds a record into its initiative, and says what it changes in the totals. */
  private foldSubject({ record }: Recorded, seenBefore: ReadonlyMap<string, RecordBody>, earlier: EarlierPostings): Turn[] {
    const seen = seenBefore.get(recordKey(record.programme, record.position));
    if (record.type === 'CommandRefused' || record.initiative === undefined) return turnsOfProgramme(record);
    const turns = this.foldInitiative(record, earlier);
    if (seen) return seen.turns.map(turnFromBody);
    if (!turns)
      throw new RecordMissing(`${record.programme}/${record.initiative} is folded past record ${record.position}, which is missing`);
    return turns;
  }

  /** `undefined` where the initiative is folded past this event. */
  private foldInitiative(event: EventRecord & { initiative: string }, earlier: EarlierPostings): Turn[] | undefined {
    const key = initiativeKey(event.programme, event.initiative);
    const known = this.documents.get(initiatives, key);
    if (known && known.position >= event.position) return undefined;
    const before = known ? foldOf(known) : { track: untouched, fold: undefined };
    const fold = foldInitiative(before.fold, event);
    if (!fold) return [{ on: event.occurredOn, ...nothing }];
    const track = continued(before.track, event);
    const turns = turnsOfInitiative(event, before.track, track, () => earlier.of(key, event.position));
    earlier.add(key, event);
    this.documents.set(initiatives, key, event.position, initiativeContent(fold, track));
    return turns;
  }

  private foldRecords(turned: readonly Turned[]): void {
    for (const { recorded, turns } of turned) {
      const { record, text, hash, place } = recorded;
      const body: RecordBody = {
        stream: streamOf(record.programme, record.initiative),
        ...(record.version !== undefined && { version: record.version }),
        place,
        hash,
        recordedAt: record.recordedAt,
        record: text,
        turns: turns.map(turnToBody),
      };
      this.documents.set(records, recordKey(record.programme, record.position), record.position, { body, internal: undefined });
    }
  }

  private async foldCommands(batch: readonly Recorded[]): Promise<void> {
    const first = batch.flatMap(({ record, entry: { command } }) =>
      command?.index === 0
        ? [{ key: commandKey(record.programme, command.organisation, command.id), record, to: record.position + command.count - 1 }]
        : [],
    );
    await this.documents.load(commands, new Set(first.map(({ key }) => key)));
    for (const { key, record, to } of first) {
      const body: CommandBody = { programme: record.programme, from: record.position, to };
      this.documents.set(commands, key, record.position, { body, internal: undefined });
    }
  }

  private async foldSums(turned: readonly Turned[]): Promise<void> {
    const changes = turned.flatMap(({ recorded: { record }, turns }) => {
      const stretch = stretchOf(record.recordedAt, record.position);
      return turns.map((turn) => ({ record, stretch, turn, key: `${record.programme}/${stretch}/${turn.on}` }));
    });
    await this.documents.load(sums, new Set(changes.map(({ key }) => key)));
    const added = new Map<string, Omit<Turn, 'on'>>();
    for (const { key, record, stretch, turn } of changes)
      this.documents.setAfter(sums, key, record.position, (before) => {
        const sum = plusTurn(added.get(key) ?? (before ? turnFromBody(before.body.turn) : nothing), turn);
        added.set(key, sum);
        return {
          body: { programme: record.programme, stretch, turn: { on: turn.on, programme: {}, authorities: {} } },
          internal: undefined,
        };
      });
    for (const [key, sum] of added)
      this.documents.change(sums, key, ({ body, internal }) => ({
        body: { ...body, turn: turnToBody({ on: body.turn.on, ...sum }) },
        internal,
      }));
  }

  private async foldAuthorities(turned: readonly Turned[]): Promise<void> {
    const changes = turned.flatMap(({ recorded: { record }, turns }) =>
      turns.flatMap((turn) => [...turn.authorities].map(([authority, tally]) => ({ record, authority, tally }))),
    );
    const keyOf = ({ record, authority }: (typeof changes)[number]) => authorityKey(record.programme, authority);
    await this.documents.load(authorities, new Set(changes.map(keyOf)));
    const tallies = new Tallies();
    for (const change of byPosition(changes, keyOf))
      this.documents.setAfter(authorities, change.key, change.position, (before) => {
        const tally = tallies.add(change.key, before?.internal.tally, change.tallies);
        return { body: authorityView(change.programme, change.authority, tally), internal: { tally: {} } };
      });
    for (const [key, tally] of tallies.sums)
      this.documents.change(authorities, key, ({ body }) => ({ body, internal: { tally: tallyToBody(tally) } }));
  }

  private foldProgrammes(turned: readonly Turned[]): void {
    const tallies = new Tallies();
    const terms = new Map<string, ProgrammeTerms>();
    const positions = new Map<string, number>();
    for (const { recorded, turns } of turned) {
      const { record } = recorded;
      const key = record.programme;
      const known = this.documents.get(programmes, key);
      const established = record.type === 'ProgrammeEstablished' ? termsOf(record) : (terms.get(key) ?? known?.body);
      if (!established || (known && known.position >= record.position)) continue;
      terms.set(key, established);
      positions.set(key, record.position);
      tallies.add(
        key,
        known?.internal.tally,
        turns.map(({ programme }) => programme),
      );
    }
    for (const [key, tally] of tallies.sums) {
      const established = terms.get(key);
      const position = positions.get(key);
      if (!established || position === undefined) continue;
      this.documents.set(programmes, key, position, {
        body: programmeView(termsIn(established), position, tally),
        internal: { everyProgramme: 'programmes', tally: tallyToBody(tally) },
      });
    }
  }

  /** What an interrupted save had written already of these records: what they change is read, as their initiatives have moved on. */
  private async recordsSeenBefore(batch: readonly Recorded[]): Promise<ReadonlyMap<string, RecordBody>> {
    const firsts = new Map<string, string>();
    for (const { record } of batch)
      if (!firsts.has(record.programme)) firsts.set(record.programme, recordKey(record.programme, record.position));
    await this.documents.load(records, new Set(firsts.values()));
    const again = new Set([...firsts].filter(([, key]) => this.documents.get(records, key)).map(([programme]) => programme));
    const keys = batch
      .filter(({ record }) => again.has(record.programme))
      .map(({ record }) => recordKey(record.programme, record.position));
    await this.documents.load(records, new Set(keys));
    const seen = new Map<string, RecordBody>();
    for (const key of keys) {
      const known = this.documents.get(records, key);
      if (known) seen.set(key, known.body);
    }
    return seen;
  }

  /** What initiatives that change hands in this batch had posted before it. */
  private async earlierPostings(batch: readonly Recorded[]): Promise<EarlierPostings> {
    const earlier = new EarlierPostings();
    for (const { record } of batch) {
      if (record.type !== 'InitiativeAmended' || record.data.authority === undefined) continue;
      const key = initiativeKey(record.programme, record.initiative);
      if (earlier.has(key)) continue;
      earlier.start(key);
      for await (const event of eventsOf(this.models, this.generation, record.programme, record.initiative)) earlier.add(key, event);
    }
    return earlier;
  }
}

type Turned = { recorded: Recorded; turns: readonly Turn[] };

/** The events of an initiative, or of a programme itself, in the order of their versions. */
export async function* eventsOf(
  models: ReadModels,
  generation: string,
  programme: string,
  initiative = '',
  from = 1,
): AsyncIterable<EventRecord> {
  let cursor: string | undefined;
  do {
    const page = await models.find(generation, records.name, {
      scope: streamOf(programme, initiative),
      range: { from },
      sort: 'version',
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    });
    for (const document of page.documents) {
      const record = recordIn(bodyOf(records, document));
      if (record.type !== 'CommandRefused') yield record;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const encoder = new TextEncoder();
/** The record a document keeps. */
export function recordIn({ record }: RecordBody): LedgerRecord {
  return decodeRecord(encoder.encode(record));
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
    const posting = postingOf(event);
    if (known && posting && !known.some(({ position }) => position === event.position)) known.push({ position: event.position, posting });
  }
  of(key: string, before: number): Posting[] {
    return (this.postings.get(key) ?? []).filter(({ position }) => position < before).map(({ posting }) => posting);
  }
}

/** Tallies of documents, added up as numbers and written once. */
class Tallies {
  readonly sums = new Map<string, Tally>();

  add(key: string, stored: Parameters<typeof tallyFromBody>[0] | undefined, changes: readonly Tally[]): Tally {
    const before = this.sums.get(key) ?? (stored ? tallyFromBody(stored) : {});
    const sum = changes.reduce(plus, before);
    this.sums.set(key, sum);
    return sum;
  }
}

type AuthorityChange = { record: LedgerRecord; authority: string; tally: Tally };
/** The changes of one record to one authority together, as a document is folded to a position only once. */
function byPosition(changes: readonly AuthorityChange[], keyOf: (change: AuthorityChange) => string) {
  const grouped = new Map<string, { key: string; position: number; programme: string; authority: string; tallies: Tally[] }>();
  for (const change of changes) {
    const { position, programme } = change.record;
    const key = keyOf(change);
    const id = `${key}/${position}`;
    const group = grouped.get(id) ?? { key, position, programme, authority: change.authority, tallies: [] };
    group.tallies.push(change.tally);
    grouped.set(id, group);
  }
  return grouped.values();
}

type Held = { body: JsonObject; internal: JsonObject | undefined; position: number; replaces?: number; changed: boolean };

/** The documents of one batch, read once and written once. */
class Documents {
  private readonly held = new Map<string, Map<string, Held>>();

  constructor(private readonly written: WrittenDocuments) {}

  async load<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    keys: ReadonlySet<string>,
  ): Promise<void> {
    const asked = [...keys];
    const found = await this.written.get(collection.name, asked);
    const held = this.of(collection.name);
    for (const [index, key] of asked.entries()) {
      const document = found[index];
      if (document && !held.has(key))
        held.set(key, {
          body: document.body,
          internal: document.internal,
          position: document.position,
          replaces: document.position,
          changed: false,
        });
    }
  }

  get<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
  ): (Content<B, I> & { position: number }) | undefined {
    const held = this.of(collection.name).get(key);
    return held && { ...contentOf(collection, held), position: held.position };
  }

  /** The document as of a position. One that is folded as far already stays. */
  set<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
    position: number,
    content: Content<B, I>,
  ): void {
    this.setAfter(collection, key, position, () => content);
  }

  /** The same, made from what is there. */
  setAfter<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
    position: number,
    fold: (before: Content<B, I> | undefined) => Content<B, I>,
  ): void {
    const documents = this.of(collection.name);
    const held = documents.get(key);
    if (held && held.position >= position) return;
    const content = fold(held && contentOf(collection, held));
    documents.set(key, { ...content, position, changed: true, ...(held?.replaces !== undefined && { replaces: held.replaces }) });
  }

  /** Finishes a document that this batch has folded. */
  change<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
    change: (content: Content<B, I>) => Content<B, I>,
  ): void {
    const held = this.of(collection.name).get(key);
    if (held) Object.assign(held, change(contentOf(collection, held)));
  }

  /** Records first: what they change is read from them where a save was interrupted. */
  writes(): Write[] {
    return [records, commands, initiatives, sums, authorities, programmes].flatMap(({ name }) =>
      [...this.of(name)]
        .filter(([, { changed }]) => changed)
        .map(([key, { body, internal, position, replaces }]): Write => {
          const document: Document = { key, position, body, ...(internal && { internal }) };
          return { collection: name, document, ...(replaces !== undefined && { replaces }) };
        }),
    );
  }

  private of(collection: string): Map<string, Held> {
    const held = this.held.get(collection) ?? new Map<string, Held>();
    this.held.set(collection, held);
    return held;
  }
}

function initiativesOf(batch: readonly Recorded[]): Set<string> {
  const keys = new Set<string>();
  for (const { record } of batch)
    if (record.initiative !== undefined && record.type !== 'CommandRefused') keys.add(initiativeKey(record.programme, record.initiative));
  return keys;
}

function headsOf(batch: readonly Recorded[]): Map<string, Head> {
  return new Map(batch.map(({ record, hash }) => [record.programme, { position: record.position, hash, recordedAt: record.recordedAt }]));
}

function initiativeContent({ view, daysLate }: InitiativeFold, track: Track): Content<InitiativeView, InitiativeInternal> {
  const searched = [view.initiative, ...Object.values(view.title)].join('\n');
  return { body: view, internal: { searched, track, daysLate } };
}

function foldOf({ body, internal }: Content<InitiativeView, InitiativeInternal>): { fold: InitiativeFold; track: Track } {
  return { fold: { view: body, daysLate: internal.daysLate }, track: internal.track };
}

function termsOf({ programme, data, occurredOn }: EventRecord & { type: 'ProgrammeEstablished' }): ProgrammeTerms {
  const { title, currency, timeZone, ceiling, years } = data;
  return { programme, title: { ...title }, currency, timeZone, ceiling, years, establishedOn: occurredOn };
}

/** What of a programme's document never changes. */
export function termsIn({ programme, title, currency, timeZone, ceiling, years, establishedOn }: ProgrammeTerms): ProgrammeTerms {
  return { programme, title, currency, timeZone, ceiling, years, establishedOn };
}
