import { Chain, isFault } from '../event-log/chain.js';
import { start } from '../event-log/ports.js';
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
import { ReadModelsBehind } from './read-models-behind.js';
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

/** Records that are handed out at once: so many, or as many as have so many characters. A few are read at a time, as one may be long. */
const recordsAtOnce = { most: 500, characters: 256 * 1_024, read: 50 } as const;

/** Lines of a programme's records, the position of the last, and the position that ends what was asked for. */
export type RecordLines = { lines: string; last: number; end: number };

/**
 * Everything that is read of the documents of one generation. `undefined` means that there is no such thing, or was none as of then. Arguments and answers
 * are plain data, so that they pass between threads.
 */
export class Reads {
  constructor(
    private readonly models: ReadModels,
    /** The generation that is read; whichever serves at the moment where absent. */
    private readonly bound?: string,
    /** Ends what takes long: the reader is gone. */
    private readonly signal?: AbortSignal,
  ) {}

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

  /**
   * The exact text of a programme's records after a position, a line each, up to `end` (where the programme ends at the call, where it is absent); no lines
   * where none is left. `undefined` where the programme is unknown. The records are those that the log had when they were folded: each names the hash of the
   * one before. @throws where one does not
   */
  async records(programme: string, after: number, end?: number): Promise<RecordLines | undefined> {
    const generation = await this.generation();
    const head = await this.models.head(generation, programme);
    if (!head) return undefined;
    const to = Math.min(end ?? head.position, head.position);
    const chain = new Chain({ midway: true });
    let [lines, last] = ['', after];
    // The record before the first says which hash the first must name.
    let from = Math.max(1, after);
    while (from <= to && last - after < recordsAtOnce.most && lines.length < recordsAtOnce.characters) {
      this.signal?.throwIfAborted();
      const until = Math.min(to, from + recordsAtOnce.read - 1);
      const keys = Array.from({ length: until - from + 1 }, (_, index) => recordKey(programme, from + index));
      for (const shown of await this.models.getAllShown(generation, records.name, keys)) {
        const position = from++;
        const fault = shown ? faultIn(chain, programme, position, shown.text) : 'it is missing';
        if (fault !== undefined || !shown) throw new Error(`the read models hold no record ${position} of ${programme}: ${fault}`);
        if (position <= after) continue;
        lines += `${shown.text}\n`;
        last = position;
      }
    }
    return { lines, last, end: to };
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

  /** @throws {ReadModelsBehind} none serves yet */
  async generation(): Promise<string> {
    // Always asked: it also finds out whether a generation was made again under its name.
    const serving = await this.models.serving();
    const generation = this.bound ?? serving;
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

function faultIn(chain: Chain, programme: string, position: number, text: string): string | undefined {
  const found = chain.follow({ place: start, kind: 'record', programme, position, bytes: Buffer.from(text) });
  return isFault(found) ? found.found : undefined;
}

function versionIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is no cursor of an earlier answer`);
  return Number(cursor);
}
