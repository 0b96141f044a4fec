import { setTimeout as wait } from 'node:timers/promises';
import { partitionOf } from '../event-log/partition-of.js';
import { start, type EventLog } from '../event-log/ports.js';
import type { Status } from '../domain/vocabulary.js';
import type { EventRecord, LedgerRecord } from '../event-log/record.js';
import { BadCursor, type CollectionSpec, type JsonObject, type Query, type ReadModels, type ShownDocument } from '../read-models/ports.js';
import {
  bodyOf,
  commandKey,
  contentOf,
  groupingOf,
  groups,
  initiativeKey,
  initiatives,
  programmes,
  recordKey,
  records,
  streamOf,
  type Collection,
  type Content,
} from './collections.js';
import { isLater, isPast, isWithin, type AsOf } from './as-of.js';
import { pagesOf } from './pages.js';
import { eventsOf, recordIn } from './recorded.js';
import { foldInitiative, type InitiativeFold, type InitiativeView, type InitiativeYear } from './initiative-view.js';
import { programmeAsOf, programmeTermsAsOf } from './totals/programme-as-of.js';
import { isOfDimension } from './totals/dimensions.js';
import { totalsFromBody } from './totals/totals.js';
import {
  authorityView,
  fiscalYearViews,
  groupView,
  programmeView,
  termsIn,
  type AuthorityView,
  type FiscalYearView,
  type ProgrammeView,
} from './views.js';

/** A programme's latest position and the hash of the record there, as published. */
export type HeadView = { programme: string; position: number; hash: string; recordedAt: string };
/** A page of a list; `cursor` asks for the next, absent on the last. */
export type Listed<T> = { items: T[]; cursor?: string };
/** The same, each item as JSON text. */
export type ListedTexts = { texts: string[]; cursor?: string };
export type Paging = { limit: number; cursor?: string };
export type InitiativeFilter = { status?: Status; authority?: string; suspended?: boolean; q?: string };
/** A fiscal year of one initiative among those of others. */
export type InitiativeYearRow = InitiativeYear & { programme: string; initiative: string };
/** The fields that initiatives are sorted by. */
export const initiativeSorts = initiatives.sorts;

/** Read models are not as new as asked for, or there are none yet. */
export class ReadModelsBehind extends Error {
  override readonly name = 'ReadModelsBehind';
}

/** How long a reader that asks for a newer state waits for it, and how often it looks, in milliseconds. */
const patience = { most: 2_000, look: 5 } as const;

/** Everything that is read of the ledger. `undefined` means that there is no such thing, or was none as of then. */
export class Queries {
  constructor(
    private readonly models: ReadModels,
    private readonly log: EventLog,
    /** Milliseconds, for waiting only. */
    private readonly now: () => number,
    /** The one generation that this asks; whichever serves at the moment where absent. */
    private readonly bound?: string,
    /** Ends what takes long: the reader is gone. */
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * Asks one generation, folded at least as far as a position of a programme (as far as it is, where none is named), and again where another has taken
   * its place meanwhile: what is answered is never older than the position said.
   * @throws {ReadModelsBehind}
   */
  async consistently<T>(
    programme: string,
    position: number | undefined,
    ask: (queries: Queries) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ position: number; answer: T }> {
    for (;;) {
      const generation = await this.generation();
      const queries = new Queries(this.models, this.log, this.now, generation, signal);
      try {
        const folded = position === undefined ? await queries.positionOf(programme) : await queries.atLeast(programme, position);
        const answer = await ask(queries);
        if ((await this.models.serving()) === generation) return { position: folded, answer };
      } catch (error) {
        if ((await this.models.serving()) === generation) throw error;
      }
    }
  }

  /** How far a programme is folded; 0 where it is unknown. @throws {ReadModelsBehind} */
  async positionOf(programme: string): Promise<number> {
    return (await this.models.head(await this.generation(), programme))?.position ?? 0;
  }

  /** Waits, at most two seconds, until a programme is folded that far. @returns how far it is @throws {ReadModelsBehind} */
  async atLeast(programme: string, position: number): Promise<number> {
    const end = this.now() + patience.most;
    for (;;) {
      const folded = await this.positionOf(programme);
      if (folded >= position) return folded;
      if (this.now() >= end) throw new ReadModelsBehind(`${programme} is read up to position ${folded}, not ${position} yet; ask again`);
      await wait(patience.look);
    }
  }

  async heads(): Promise<HeadView[]> {
    const heads = await this.models.heads(await this.generation());
    return [...heads].map(([programme, head]) => ({ programme, ...head })).sort((one, other) => (one.programme < other.programme ? -1 : 1));
  }

  async programmes(paging: Paging): Promise<ListedTexts> {
    return this.list(programmes, { scope: 'programmes', sort: 'programme', ...paging });
  }

  /** A programme as it is, in JSON. */
  async programmeShown(code: string): Promise<ShownDocument | undefined> {
    return this.models.getShown(await this.generation(), programmes.name, code);
  }

  async programme(code: string, asOf: AsOf): Promise<ProgrammeView | undefined> {
    const generation = await this.generation();
    if (!isPast(asOf)) return (await this.one(generation, programmes, code))?.body;
    const then = await programmeAsOf(this.models, generation, code, asOf, this.signal);
    return then && programmeView(then.terms, then.position, then.groups.get('programme') ?? {});
  }

  /** Decimal digits of a programme's currency; `undefined` where the programme or its currency is not known. */
  async minorUnitsOf(code: string): Promise<number | undefined> {
    return (await this.one(await this.generation(), programmes, code))?.body.minorUnits ?? undefined;
  }

  async fiscalYears(code: string, asOf: AsOf): Promise<FiscalYearView[] | undefined> {
    const generation = await this.generation();
    if (isPast(asOf)) {
      const then = await programmeAsOf(this.models, generation, code, asOf, this.signal);
      return then && fiscalYearViews(then.terms, then.groups.get('programme') ?? {});
    }
    const known = await this.one(generation, programmes, code);
    return known && fiscalYearViews(termsIn(known.body), totalsFromBody(known.internal.totals));
  }

  async authorities(code: string, asOf: AsOf): Promise<AuthorityView[] | undefined> {
    const generation = await this.generation();
    if (isPast(asOf)) {
      const then = await programmeAsOf(this.models, generation, code, asOf, this.signal);
      if (!then) return undefined;
      return [...then.groups]
        .flatMap(([group, totals]) => (isOfDimension(group) ? [groupView(code, group, totals)] : []))
        .filter(({ dimension }) => dimension === 'authority')
        .map(authorityView)
        .sort((one, other) => (one.authority < other.authority ? -1 : 1));
    }
    if (!(await this.one(generation, programmes, code))) return undefined;
    const all: AuthorityView[] = [];
    const query = { scope: groupingOf(code, 'authority'), sort: 'value' };
    for await (const documents of pagesOf(this.models, generation, groups.name, query, this.signal))
      all.push(...documents.map((document) => authorityView(bodyOf(groups, document))));
    return all;
  }

  /** @throws {BadCursor} */
  async initiatives(programme: string, { q, ...equals }: InitiativeFilter, sort: string, paging: Paging): Promise<ListedTexts | undefined> {
    if (!(await this.programmeShown(programme))) return undefined;
    const descending = sort.startsWith('-');
    return this.list(initiatives, {
      scope: programme,
      equals,
      ...(q !== undefined && { search: q }),
      sort: descending ? sort.slice(1) : sort,
      descending,
      ...paging,
    });
  }

  /** The fiscal years of the initiatives that {@link initiatives} lists, a page of which are those of a page of initiatives. @throws {BadCursor} */
  async initiativeYears(
    programme: string,
    { q, ...equals }: InitiativeFilter,
    paging: Paging,
  ): Promise<Listed<InitiativeYearRow> | undefined> {
    if (!(await this.programmeShown(programme))) return undefined;
    const { documents, cursor } = await this.models.find(await this.generation(), initiatives.name, {
      scope: programme,
      equals,
      ...(q !== undefined && { search: q }),
      sort: 'initiative',
      ...paging,
    });
    const items = documents.flatMap((document) => {
      const { initiative, fiscalYears } = bodyOf(initiatives, document);
      return fiscalYears.map((year) => ({ programme, initiative, ...year }));
    });
    return { items, ...(cursor !== undefined && { cursor }) };
  }

  /** An initiative as it is, in JSON, with its version. */
  async initiativeShown(programme: string, initiative: string): Promise<ShownDocument | undefined> {
    return this.models.getShown(await this.generation(), initiatives.name, initiativeKey(programme, initiative));
  }

  async initiative(programme: string, initiative: string, asOf: AsOf): Promise<InitiativeView | undefined> {
    const generation = await this.generation();
    if (!isPast(asOf)) return (await this.one(generation, initiatives, initiativeKey(programme, initiative)))?.body;
    const terms = await programmeTermsAsOf(this.models, generation, programme, asOf, this.signal);
    if (!terms) return undefined;
    let fold: InitiativeFold | undefined;
    for await (const event of eventsOf(this.models, generation, { programme, initiative }, this.signal)) {
      if (isLater(asOf, event)) break;
      if (isWithin(asOf, event)) fold = foldInitiative(fold, event, terms.timeZone);
    }
    return fold?.view;
  }

  /** An initiative's events in the order of their versions. @throws {BadCursor} */
  async history(
    programme: string,
    initiative: string,
    asOf: AsOf,
    { limit, cursor }: Paging,
  ): Promise<Listed<EventRecord & { hash: string }> | undefined> {
    const generation = await this.generation();
    if (!(await this.initiativeShown(programme, initiative))) return undefined;
    const items: (EventRecord & { hash: string })[] = [];
    const from = cursor === undefined ? 1 : versionIn(cursor);
    const query = { scope: streamOf(programme, initiative), range: { from }, sort: 'version', ...(!isPast(asOf) && { limit: limit + 1 }) };
    for await (const documents of pagesOf(this.models, generation, records.name, query, this.signal))
      for (const document of documents) {
        const record = recordIn(document);
        if (record.type === 'CommandRefused') continue;
        if (isLater(asOf, record)) return { items };
        if (!isWithin(asOf, record)) continue;
        if (items.length === limit) return { items, cursor: String(record.version) };
        items.push({ ...record, hash: contentOf(records, document).internal.hash });
      }
    return { items };
  }

  /** The exact bytes of a programme's records after a position, to the end as of the call. `undefined` where it is unknown. */
  async records(programme: string, after: number): Promise<AsyncIterable<Uint8Array[]> | undefined> {
    const generation = await this.generation();
    const head = await this.models.head(generation, programme);
    if (!head) return undefined;
    const [next] = await this.models.get(generation, records.name, [recordKey(programme, after + 1)]);
    return this.bytes(programme, after, next ? contentOf(records, next).internal.place - 1 : undefined);
  }

  /** The records that a command made, with their hashes, whenever that was. */
  async recordsOf(
    programme: string,
    organisation: string,
    commandId: string,
  ): Promise<{ record: LedgerRecord; hash: string }[] | undefined> {
    const generation = await this.generation();
    const first = await this.models.lookUp(generation, records.name, 'command', commandKey(programme, organisation, commandId));
    if (!first) return undefined;
    const { count = 1 } = contentOf(records, first).internal;
    const others = Array.from({ length: count - 1 }, (_, index) => recordKey(programme, first.position + index + 1));
    const found = [first, ...(await this.models.get(generation, records.name, others))];
    return found.flatMap((document) =>
      document ? [{ record: recordIn(document), hash: contentOf(records, document).internal.hash }] : [],
    );
  }

  private async *bytes(programme: string, after: number, place: number | undefined): AsyncIterable<Uint8Array[]> {
    if (place === undefined) return;
    for await (const entries of this.log.read(partitionOf(programme, this.log.partitions), Math.max(start, place))) {
      const own = entries.filter((entry) => entry.kind === 'record' && entry.programme === programme && (entry.position ?? 0) > after);
      if (own.length > 0) yield own.map(({ bytes }) => bytes);
    }
  }

  private async generation(): Promise<string> {
    const generation = this.bound ?? (await this.models.serving());
    if (generation === undefined) throw new ReadModelsBehind('the read models are being built; ask again');
    return generation;
  }

  private async one<B extends JsonObject, I extends JsonObject | undefined>(
    generation: string,
    collection: Collection<B, I>,
    key: string,
  ): Promise<Content<B, I> | undefined> {
    const [document] = await this.models.get(generation, collection.name, [key]);
    return document && contentOf(collection, document);
  }

  private async list({ name }: CollectionSpec, query: Query): Promise<ListedTexts> {
    const { documents, cursor } = await this.models.findShown(await this.generation(), name, query);
    return { texts: documents.map(({ text }) => text), ...(cursor !== undefined && { cursor }) };
  }
}

function versionIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is no cursor of an earlier answer`);
  return Number(cursor);
}
