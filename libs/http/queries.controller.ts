import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetHistory, GetInitiative, ListInitiatives, ListInitiativeYears } from '../application/queries/initiatives.js';
import { GetProgramme, ListFiscalYears, ListProgrammes } from '../application/queries/programmes.js';
import { ListHeads, ReadRecords } from '../application/queries/records.js';
import { toWire } from '../event-log/record.js';
import { filterNames, initiativeFilters } from '../projections/initiatives/filters.js';
import type { AsOf } from '../projections/as-of.js';
import { initiativeSorts, type InitiativeListing } from '../projections/initiatives/list.js';
import type { Paging } from '../projections/source.js';
import { Holders, Readers, senderOf } from './access.js';
import { answerIn, Answering, asOfDescribed, paged } from './answering.js';
import {
  FiscalYearList,
  HeadList,
  HistoryList,
  InitiativeBody,
  InitiativeList,
  InitiativeYearList,
  ProgrammeBody,
  ProgrammeList,
} from './dto/answers.js';
import { formOf } from './negotiation.js';
import {
  afterParameter,
  asOfList,
  asOfOnly,
  historyPage,
  initiativePage,
  initiativeYearPage,
  listOnly,
  page,
  type HistoryPage,
  type InitiativeYearPage,
} from './parameters.js';
import { unknownInitiative, unknownProgramme } from './problem.js';
import { answerDocument } from './reading-answers.js';
import { OpenStreams } from './open-streams.js';
import { recordStream } from './record-stream.js';
import { Described, ReadRoute, sortSchema } from './routes.js';
import { Terms } from './terms.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

const filtered = {
  ...Object.fromEntries(filterNames.map((name) => [name, initiativeFilters[name].description])),
  q: 'Only initiatives with this text in their code or a title, in any language and case.',
};

/** Routes that read programmes, initiatives and records. */
@ApiTags('reading')
@Controller()
export class QueriesController {
  /** Each holds some hundred kilobytes, however slowly it is read. */
  private readonly streams = new OpenStreams('records', { all: 64, each: 4 });
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('programmes')
  @Readers()
  @ReadRoute('', ProgrammeList, 'Every programme.', paged, true)
  async programmes(@Query(page) paging: Paging, @Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const asked = await this.answering.askedOfAll(request, reply);
    return this.answering.list('programmes', await this.bus.execute(new ListProgrammes(paging, asked)), asked, request, reply);
  }

  @Get('heads')
  @Readers()
  @ReadRoute(
    '',
    HeadList,
    'Every programme’s latest position and the hash of the record there. Publish them: they reveal a history whose end was removed.',
    {},
    true,
  )
  async heads(@Query(listOnly) _list: object, @Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const asked = await this.answering.askedOfAll(request, reply);
    return this.answering.list('heads', { items: await this.bus.execute(new ListHeads(asked)) }, asked, request, reply);
  }

  @Get('programmes/:programme')
  @Readers()
  @ReadRoute(':programme', ProgrammeBody, 'A programme with its totals, now or as of a past day.', asOfDescribed)
  async programme(
    @Param('programme') programme: string,
    @Query(asOfOnly) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const shown = answerIn(await this.bus.execute(new GetProgramme(programme, asOf, asked)), reply);
    if (!shown) throw unknownProgramme(programme);
    return answerDocument(shown, request, reply);
  }

  @Get('programmes/:programme/fiscal-years')
  @Readers()
  @ReadRoute(':programme', FiscalYearList, 'A programme’s fiscal years with their totals, now or as of a past day.', asOfDescribed, true)
  async fiscalYears(
    @Param('programme') programme: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const items = answerIn(await this.bus.execute(new ListFiscalYears(programme, asOf, asked)), reply);
    if (!items) throw unknownProgramme(programme);
    return this.answering.list('fiscalYears', { items }, asked, request, reply, programme);
  }

  @Get('programmes/:programme/initiatives')
  @Readers()
  @ReadRoute(
    ':programme',
    InitiativeList,
    'A programme’s initiatives, now or as of a past day; those of a past day are sorted by code.',
    {
      ...filtered,
      sort:
        'A field, with a minus for descending; text sorts by code point. Sort by `initiative`, the default, to get every initiative once: if another ' +
        'field changes between two pages, its initiative may be missed or repeated; `stable` says whether that can happen.',
      ...asOfDescribed,
      ...paged,
    },
    true,
    { sort: sortSchema(initiativeSorts, 'initiative') },
  )
  async initiatives(
    @Param('programme') programme: string,
    @Query(initiativePage) listing: InitiativeListing,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListInitiatives(programme, listing, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('initiatives', found, asked, request, reply, programme);
  }

  @Get('programmes/:programme/initiative-years')
  @Readers()
  @ReadRoute(
    ':programme',
    InitiativeYearList,
    'The fiscal years of a programme’s initiatives; a page has those of a page of initiatives.',
    { ...filtered, ...paged },
    true,
  )
  async initiativeYears(
    @Param('programme') programme: string,
    @Query(initiativeYearPage) query: InitiativeYearPage,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListInitiativeYears(programme, query.filter, query.paging, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('initiativeYears', found, asked, request, reply, programme);
  }

  @Get('programmes/:programme/initiatives/:initiative')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    InitiativeBody,
    'An initiative: status, money, first approved and current plan; now or as of a past day.',
    asOfDescribed,
  )
  async initiative(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(asOfOnly) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const shown = answerIn(await this.bus.execute(new GetInitiative(programme, initiative, asOf, asked)), reply);
    if (!shown) throw unknownInitiative(programme, initiative);
    return answerDocument(shown, request, reply);
  }

  @Get('programmes/:programme/initiatives/:initiative/history')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    HistoryList,
    'An initiative’s events in order; auditors and admins also see their senders.',
    { ...asOfDescribed, ...paged },
    true,
  )
  async history(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(historyPage) query: HistoryPage,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new GetHistory(programme, initiative, query.asOf, query.paging, asked)), reply);
    if (!found) throw unknownInitiative(programme, initiative);
    const role = senderOf(request)?.role;
    const seesSenders = role === 'auditor' || role === 'admin';
    const items = found.items.map(
      ({ actor, approvedBy, commandId, hash, schema: _schema, previousHash: _previous, correlationId: _correlation, ...event }) => ({
        ...toWire(event),
        ...(seesSenders && { actor, ...(approvedBy && { approvedBy }), commandId, hash }),
      }),
    );
    return this.answering.list('history', { ...found, items }, asked, request, reply, programme);
  }

  @Get('programmes/:programme/records')
  @Holders('auditor', 'admin')
  @Terms({ cost: 100 })
  @Described('All records after a position, refusals included: their exact bytes, one record per line.', {
    path: ':programme',
    query: { after: 'A position; 0 if absent.' },
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'One record per line.', schema: { type: 'object', additionalProperties: true } })
  async records(
    @Param('programme') programme: string,
    @Query(afterParameter) after: number,
    @Req() request: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    const form = formOf(request, ['application/x-ndjson']);
    const asked = this.answering.asked(programme, request, reply);
    const close = this.streams.open(asked.asker.client);
    reply.raw.once('close', close);
    const first = answerIn(await this.bus.execute(new ReadRecords(programme, after, undefined, asked)), reply);
    if (!first) throw unknownProgramme(programme);
    const next = async (last: number, end: number) =>
      (await this.bus.execute(new ReadRecords(programme, last, end, { asker: asked.asker }))).answer;
    await reply.type(form).send(recordStream(first, next));
  }
}
