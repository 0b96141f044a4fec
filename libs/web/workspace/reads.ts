import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListCommitments } from '../../application/queries/commitments.js';
import type { Asked } from '../../application/reading.js';
import { ListEntries } from '../../application/queries/entries.js';
import { GetHistory, GetInitiative, ListInitiatives } from '../../application/queries/initiatives.js';
import { GetProgramme, ListFiscalYears, ListProgrammes } from '../../application/queries/programmes.js';
import { GetRecordsOfCommand } from '../../application/queries/records.js';
import { GetRequest, ListRequests } from '../../application/queries/requests.js';
import { codePattern, type Actor } from '../../domain/vocabulary.js';
import type { EventRecord, LedgerRecord } from '../../event-log/record.js';
import type { Total } from '../../projections/counts.js';
import type { EntryReader } from '../../projections/entries/filters.js';
import type { EntryListing, EntryView } from '../../projections/entries/reads.js';
import { initiatives } from '../../projections/initiatives/collection.js';
import type { InitiativeFilter } from '../../projections/initiatives/filters.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { RequestFilter, RequestView } from '../../projections/requests/reads.js';
import { programmes } from '../../projections/totals/collections.js';
import type { FiscalYearView, ProgrammeView } from '../../projections/totals/views.js';
import { viewIn } from '../page-request.js';
import { checkedAfter, type Checked } from './verification.js';
import { NotThere } from './workspace-pages.js';

/** A page of a list; `cursor` asks for the next one. */
export type Listing<T> = { readonly items: readonly T[]; readonly cursor?: string | undefined };
/** An event with the hash of its record. */
export type HashedEvent = EventRecord & { readonly hash: string };

const pageSize = 50;
const commitmentsAtOnce = 1_000;

/** What the pages of the workspace read: the queries of everybody, as views. */
@Injectable()
export class WorkspaceReads {
  constructor(private readonly bus: QueryBus) {}

  async programmes(asked: Asked): Promise<ProgrammeView[]> {
    const { texts } = await this.bus.execute(new ListProgrammes({ limit: 1_000 }, asked));
    return texts.map((text) => viewIn(programmes, { text }));
  }

  /** @throws {NotThere} */
  async programme(code: string, asked: Asked): Promise<ProgrammeView> {
    const { answer } = codePattern.test(code) ? await this.bus.execute(new GetProgramme(code, {}, asked)) : {};
    if (!answer) throw new NotThere(code);
    return viewIn(programmes, answer);
  }

  /** @throws {NotThere} */
  async years(programme: string, asked: Asked): Promise<FiscalYearView[]> {
    const { answer } = await this.bus.execute(new ListFiscalYears(programme, {}, asked));
    if (!answer) throw new NotThere(programme);
    return answer;
  }

  /** @throws {NotThere} */
  async initiative(programme: string, code: string, asked: Asked): Promise<InitiativeView> {
    const { answer } = codePattern.test(code) ? await this.bus.execute(new GetInitiative(programme, code, {}, asked)) : {};
    if (!answer) throw new NotThere(code);
    return viewIn(initiatives, answer);
  }

  async initiatives(
    programme: string,
    filter: InitiativeFilter,
    sort: string,
    cursor: string | undefined,
    asked: Asked,
  ): Promise<Listing<InitiativeView>> {
    const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
    const { answer } = await this.bus.execute(new ListInitiatives(programme, { filter, sort, paging, asOf: {} }, asked));
    return { items: (answer?.texts ?? []).map((text) => viewIn(initiatives, { text })), cursor: answer?.cursor };
  }

  /** Entries, as far as a reader may see them; `total` is their number. @throws {NotThere} */
  async entries(programme: string, listing: EntryListing, reader: EntryReader, asked: Asked): Promise<Listing<EntryView> & Total> {
    const { answer } = await this.bus.execute(new ListEntries(programme, listing, reader, asked));
    if (!answer) throw new NotThere(programme);
    return answer;
  }

  /** A page of a programme's requests that a reader may see; `total` is their number. @throws {NotThere} @throws {BadCursor} */
  async requests(
    programme: string,
    filter: RequestFilter,
    { cursor, oldestFirst = false }: { cursor: string | undefined; oldestFirst?: boolean },
    reader: Actor,
    asked: Asked,
  ): Promise<Listing<RequestView> & Total> {
    const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
    const { answer } = await this.bus.execute(new ListRequests(programme, { filter, paging, oldestFirst }, reader, asked));
    if (!answer) throw new NotThere(programme);
    return answer;
  }

  /** @throws {NotThere} */
  async request(programme: string, requestId: string, reader: Actor, asked: Asked): Promise<RequestView> {
    const { answer } = await this.bus.execute(new GetRequest(programme, requestId, reader, asked));
    if (!answer) throw new NotThere(requestId);
    return answer;
  }

  /** Events of an initiative from a version on. @throws {NotThere} */
  async history(programme: string, initiative: string, version: number, limit: number, asked: Asked): Promise<Listing<HashedEvent>> {
    const { answer } = await this.bus.execute(new GetHistory(programme, initiative, {}, { limit, cursor: String(version) }, asked));
    if (!answer) throw new NotThere(initiative);
    return answer;
  }

  /** A commitment of an initiative that a number names, or that a payment was drawn from; `undefined` if there is none. */
  async commitment(
    { programme, initiative, commitments }: InitiativeView,
    named: { commitmentId: string } | { transactionId: string },
    asked: Asked,
  ): Promise<CommitmentView | undefined> {
    const isNamed = (one: CommitmentView) =>
      'commitmentId' in named
        ? one.commitmentId === named.commitmentId
        : one.drawings.some(({ transactionId }) => transactionId === named.transactionId);
    let cursor: string | undefined;
    for (let left = commitments; left > 0; left -= commitmentsAtOnce) {
      const paging = { limit: commitmentsAtOnce, ...(cursor !== undefined && { cursor }) };
      const { answer } = await this.bus.execute(new ListCommitments(programme, initiative, {}, paging, asked));
      const found = answer?.items.find(isNamed);
      if (found || answer?.cursor === undefined) return found;
      ({ cursor } = answer);
    }
    return undefined;
  }

  /** The records of a command of an organisation; empty if there are none. */
  async recordsOf(
    programme: string,
    organisation: string,
    commandId: string,
    asked: Asked,
  ): Promise<{ record: LedgerRecord; hash: string }[]> {
    const { answer } = await this.bus.execute(new GetRecordsOfCommand(programme, organisation, commandId, asked));
    return answer ?? [];
  }

  /** @throws {NotThere} */
  async checkedAfter(programme: string, position: number, asked: Asked): Promise<Checked> {
    const checked = await checkedAfter(this.bus, programme, position, asked);
    if (!checked) throw new NotThere(programme);
    return checked;
  }
}
