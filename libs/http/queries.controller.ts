import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toWire } from '../event-log/record.js';
import { isPast } from '../projections/as-of.js';
import type { Queries } from '../projections/queries.js';
import type { Asker } from '../projections/readers.js';
import type { Listed, ListedTexts } from '../projections/reads.js';
import { Holders, Readers, senderOf } from './access.js';
import { RequestAsker } from './asker.js';
import { tables, type ListName, type Tables } from './csv-lists.js';
import {
  AuthorityList,
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
import { OwnWrites } from './own-writes.js';
import { cutOf, filterOf, pagingOf, parametersOf, positionIn, sortOf, wantsByteOrderMark } from './parameters.js';
import { MalformedCommand } from './parse-command.js';
import { partsToken, type Parts } from './parts.js';
import { notFound } from './problem.js';
import { answerDocument, answerList } from './reading-answers.js';
import { recordStream, RecordStreams } from './record-stream.js';
import { pathOf } from './request-command.js';
import { Described, ReadRoute } from './routes.js';
import { AskQueries } from './seam.js';
import { Terms } from './terms.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

const cutParameters = ['occurredBy', 'knownBy'] as const;
const listParameters = ['bom'] as const;
const pagingParameters = ['limit', 'cursor', 'bom'] as const;
const asOf = {
  occurredBy: 'Only what is dated by this day, YYYY-MM-DD.',
  knownBy: 'Only what was recorded by this moment, such as 2024-03-09T05:12:44.120Z.',
};
const filterParameters = ['status', 'authority', 'suspended', 'q'] as const;
const filtered = {
  status: 'Only those of this status.',
  authority: 'Only those of this authority.',
  suspended: '`true` or `false`.',
  q: 'Only those with this in their code or a title, in any language and case.',
};
const paged = { limit: 'How many, 1 to 1,000; 100 where absent.', cursor: 'Of the page before: the next begins after its last item.' };

/** Everything that is read of the ledger. */
@ApiTags('reading')
@Controller()
export class QueriesController {
  private readonly streams = new RecordStreams();
  private readonly tables: Tables;
  constructor(
    private readonly bus: QueryBus,
    private readonly ownWrites: OwnWrites,
    @Inject(partsToken) parts: Parts,
  ) {
    this.tables = parts.tables ?? tables;
  }

  @Get('programmes')
  @Readers()
  @ReadRoute('', ProgrammeList, 'Every programme.', paged, true)
  async programmes(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const paging = pagingOf(parametersOf(request, pagingParameters));
    return this.list('programmes', await this.readAll(request, reply, (queries) => queries.programmes(paging)), request, reply);
  }

  @Get('heads')
  @Readers()
  @ReadRoute(
    '',
    HeadList,
    'Every programme’s latest position and the hash of the record there: publish them, and a dropped tail shows.',
    {},
    true,
  )
  async heads(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    parametersOf(request, listParameters);
    return this.list('heads', { items: await this.readAll(request, reply, (queries) => queries.heads()) }, request, reply);
  }

  @Get('programmes/:programme')
  @Readers()
  @ReadRoute(':programme', ProgrammeBody, 'A programme with its totals, now or as of a past day.', asOf)
  async programme(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const cut = cutOf(parametersOf(request, cutParameters));
    const { programme: code = '' } = pathOf(request);
    const shown = await this.read(request, reply, async (queries) =>
      isPast(cut) ? asOfThen(await queries.programme(code, cut), 'position') : queries.byKey.programmeShown(code),
    );
    if (!shown) throw unknownProgramme(code);
    return answerDocument(shown, request, reply);
  }

  @Get('programmes/:programme/fiscal-years')
  @Readers()
  @ReadRoute(':programme', FiscalYearList, 'A programme’s fiscal years with their totals, now or as of a past day.', asOf, true)
  async fiscalYears(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const cut = cutOf(parametersOf(request, [...cutParameters, ...listParameters]));
    const { programme: code = '' } = pathOf(request);
    const items = await this.read(request, reply, (queries) => queries.fiscalYears(code, cut));
    if (!items) throw unknownProgramme(code);
    return this.list('fiscalYears', { items }, request, reply);
  }

  @Get('programmes/:programme/authorities')
  @Readers()
  @ReadRoute(':programme', AuthorityList, 'The totals of every authority’s initiatives, now or as of a past day.', asOf, true)
  async authorities(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const cut = cutOf(parametersOf(request, [...cutParameters, ...listParameters]));
    const { programme: code = '' } = pathOf(request);
    const items = await this.read(request, reply, (queries) => queries.authorities(code, cut));
    if (!items) throw unknownProgramme(code);
    return this.list('authorities', { items }, request, reply);
  }

  @Get('programmes/:programme/initiatives')
  @Readers()
  @ReadRoute(
    ':programme',
    InitiativeList,
    'A programme’s initiatives.',
    {
      ...filtered,
      sort:
        'A field, with a minus for descending; text by code point. Page by `initiative`, the default, to get every initiative once: other fields ' +
        'change while you read, and an initiative whose field does may be missed or come twice.',
      ...paged,
    },
    true,
  )
  async initiatives(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const parameters = parametersOf(request, [...filterParameters, 'sort', ...pagingParameters]);
    const [filter, sort, paging] = [filterOf(parameters), sortOf(parameters.sort), pagingOf(parameters)];
    const { programme: code = '' } = pathOf(request);
    const page = await this.read(request, reply, (queries) => queries.initiatives(code, filter, sort, paging));
    if (!page) throw unknownProgramme(code);
    return this.list('initiatives', page, request, reply);
  }

  @Get('programmes/:programme/initiative-years')
  @Readers()
  @ReadRoute(
    ':programme',
    InitiativeYearList,
    'The fiscal years of a programme’s initiatives, page by page of the initiatives.',
    { ...filtered, ...paged },
    true,
  )
  async initiativeYears(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const parameters = parametersOf(request, [...filterParameters, ...pagingParameters]);
    const [filter, paging] = [filterOf(parameters), pagingOf(parameters)];
    const { programme: code = '' } = pathOf(request);
    const page = await this.read(request, reply, (queries) => queries.initiativeYears(code, filter, paging));
    if (!page) throw unknownProgramme(code);
    return this.list('initiativeYears', page, request, reply);
  }

  @Get('programmes/:programme/initiatives/:initiative')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    InitiativeBody,
    'An initiative: status, money, first approved beside current; now or as of a past day.',
    asOf,
  )
  async initiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const cut = cutOf(parametersOf(request, cutParameters));
    const { programme: code = '', initiative = '' } = pathOf(request);
    const shown = await this.read(request, reply, async (queries) =>
      isPast(cut) ? asOfThen(await queries.initiative(code, initiative, cut), 'version') : queries.byKey.initiativeShown(code, initiative),
    );
    if (!shown) throw unknownInitiative(code, initiative);
    return answerDocument(shown, request, reply);
  }

  @Get('programmes/:programme/initiatives/:initiative/history')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    HistoryList,
    'An initiative’s events in order; auditors and admins see who sent them.',
    { ...asOf, ...paged },
    true,
  )
  async history(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    const parameters = parametersOf(request, [...cutParameters, ...pagingParameters]);
    const [cut, paging] = [cutOf(parameters), pagingOf(parameters)];
    const { programme: code = '', initiative = '' } = pathOf(request);
    const page = await this.read(request, reply, (queries) => queries.history(code, initiative, cut, paging));
    if (!page) throw unknownInitiative(code, initiative);
    const role = senderOf(request)?.role;
    const seesSenders = role === 'auditor' || role === 'admin';
    const items = page.items.map(
      ({ actor, commandId, hash, schema: _schema, previousHash: _previous, correlationId: _correlation, ...event }) => ({
        ...toWire(event),
        ...(seesSenders && { actor, commandId, hash }),
      }),
    );
    return this.list('history', { ...page, items }, request, reply);
  }

  @Get('programmes/:programme/records')
  @Holders('auditor', 'admin')
  @Terms({ cost: 100 })
  @Described('Every record after a position, refusals included: their exact bytes, one a line.', {
    path: ':programme',
    query: { after: 'A position; 0 where absent.' },
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'One record a line.', schema: { type: 'object', additionalProperties: true } })
  async records(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const form = formOf(request, ['application/x-ndjson']);
    const { after = '0' } = parametersOf(request, ['after']);
    if (!/^\d{1,15}$/.test(after)) throw new MalformedCommand([{ field: 'after', message: 'after must be a position, a whole number' }]);
    const { programme: code = '' } = pathOf(request);
    const asker = new RequestAsker(request, reply);
    const close = this.streams.open(asker.client);
    reply.raw.once('close', close);
    const first = await this.read(request, reply, (queries) => queries.records(code, Number(after)));
    if (!first) throw unknownProgramme(code);
    const next = (last: number, end: number) => this.ask((queries) => queries.records(code, last, end), asker);
    await reply.type(form).send(recordStream(first, next));
  }

  private ask<T>(ask: (queries: Queries) => Promise<T>, asker: Asker): Promise<T> {
    return this.bus.execute(new AskQueries(ask, asker));
  }

  private list(name: ListName, page: Listed<object> | ListedTexts, request: Request, reply: Reply): Promise<string | undefined> {
    const asker = new RequestAsker(request, reply);
    return answerList(page, request, reply, async () => {
      const { programme } = pathOf(request);
      const minorUnits = programme === undefined ? undefined : await this.ask(({ byKey }) => byKey.minorUnitsOf(programme), asker);
      return this.tables(name, page, { minorUnits, bom: wantsByteOrderMark(request) }, asker);
    });
  }

  /** Asks about every programme, as new as what the reader was told is recorded if it is folded in time. */
  private readAll<T>(request: Request, reply: Reply, ask: (queries: Queries) => Promise<T>): Promise<T> {
    return this.ask(
      async (queries) => {
        await Promise.all(this.ownWrites.of(senderOf(request)).map(([programme, position]) => queries.inTime(programme, position)));
        return ask(queries);
      },
      new RequestAsker(request, reply),
    );
  }

  /**
   * Asks about a programme, and says how new the answer is at least: as new as the position that the reader names, and as what they were told is recorded
   * if it is folded in time.
   */
  private async read<T>(request: Request, reply: Reply, ask: (queries: Queries) => Promise<T>): Promise<T> {
    const { programme = '' } = pathOf(request);
    const [named, own] = [positionIn(request), this.ownWrites.in(programme, senderOf(request))];
    const { position, answer } = await this.ask(
      (queries) => queries.consistently(programme, named, ask, own),
      new RequestAsker(request, reply),
    );
    reply.header('ledger-position', position);
    return answer;
  }
}

const unknownProgramme = (code: string) => notFound('unknown-programme', `there is no programme ${code}, or was none as of then`);
const unknownInitiative = (programme: string, initiative: string) =>
  notFound('unknown-initiative', `there is no initiative ${initiative} in ${programme}, or was none as of then`);

/** A document as it had been, in the form of those that are. */
function asOfThen(view: { version: number; position: number } | undefined, version: 'version' | 'position') {
  return view && { version: view[version], text: JSON.stringify(view) };
}
