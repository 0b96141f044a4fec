/** The public pages. They use the queries of the HTTP interface, and their HTML is complete without JavaScript. */
import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetHistory, GetInitiative, ListInitiatives } from '../application/queries/initiatives.js';
import { GetProgramme, ListAuthorities, ListFiscalYears, ListProgrammes } from '../application/queries/programmes.js';
import type { Asked } from '../application/reading.js';
import { isIsoDate } from '../domain/calendar.js';
import { codePattern } from '../domain/vocabulary.js';
import { Anyone, Readers } from '../http/access.js';
import { problemOf } from '../http/problem.js';
import { RequestAsker } from '../http/asker.js';
import { isPast, type AsOf } from '../projections/as-of.js';
import { bodyOf, type Collection } from '../projections/collection.js';
import { initiatives } from '../projections/initiatives/collection.js';
import { filterIn } from '../projections/initiatives/filters.js';
import { pastSort } from '../projections/initiatives/list.js';
import { programmes } from '../projections/totals/collections.js';
import type { ProgrammeView } from '../projections/totals/views.js';
import { bodyIn } from '../read-models/find.js';
import type { JsonObject } from '../read-models/ports.js';
import { endOfDay } from './days.js';
import { liveScript, liveScriptName } from './live.js';
import type { Page, Past } from './page.js';
import { failurePage, initiativePage, initiativesPage, programmePage, programmesPage } from './pages.js';
import { sorts } from './pages/initiatives.js';
import { languageOf, Speech } from './speech.js';
import { stylesheet, stylesheetName } from './stylesheet.js';

type Reply = FastifyReply;
type Request = FastifyRequest;

/** The programme or initiative of a page does not exist, or did not exist as of then. */
class NotThere extends Error {
  override readonly name = 'NotThere';
}
/** A parameter of the address has no valid value. */
class BadAddress extends Error {
  override readonly name = 'BadAddress';
}

/** The browser may load only the page's own files, and send data to the ledger only. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  vary: 'accept-language, authorization',
} as const;

const pageSize = 50;

@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Readers()
  home(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.page(request, reply, async (page, asked) => {
      const { texts } = await this.bus.execute(new ListProgrammes({ limit: 1_000 }, asked));
      return programmesPage(
        page,
        texts.map((text) => viewIn(programmes, { text })),
      );
    });
  }

  @Get('p/:programme')
  @Readers()
  programme(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.page(request, reply, async (page, asked) => {
      const asOf = asOfOf(page.past, await this.programmeNow(code, asked));
      const [programme, years, authorities] = await Promise.all([
        this.bus.execute(new GetProgramme(code, asOf, asked)),
        this.bus.execute(new ListFiscalYears(code, asOf, asked)),
        this.bus.execute(new ListAuthorities(code, asOf, asked)),
      ]);
      if (!programme.answer || !years.answer || !authorities.answer) throw new NotThere(code);
      return programmePage(page, { programme: viewIn(programmes, programme.answer), years: years.answer, authorities: authorities.answer });
    });
  }

  @Get('p/:programme/initiatives')
  @Readers()
  initiatives(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.page(request, reply, async (page, asked) => {
      const { sort = 'initiative', cursor, ...sent } = textsIn(query);
      if (!Object.hasOwn(sorts, sort)) throw new BadAddress(`sort: ${Object.keys(sorts).join(', ')}`);
      const filter = filterIn(sent, (name, right) => new BadAddress(`${name}: ${right}`));
      const programme = await this.programmeNow(code, asked);
      const asOf = asOfOf(page.past, programme);
      const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const [{ answer: list }, { answer: authorities = [] }] = await Promise.all([
        this.bus.execute(new ListInitiatives(code, { filter, sort: isPast(asOf) ? pastSort : sort, paging, asOf }, asked)),
        this.bus.execute(new ListAuthorities(code, {}, asked)),
      ]);
      return initiativesPage(page, {
        programme,
        authorities,
        initiatives: (list?.texts ?? []).map((text) => viewIn(initiatives, { text })),
        filter: { ...filter, sort },
        cursor: list?.cursor,
      });
    });
  }

  @Get('p/:programme/i/:initiative')
  @Readers()
  initiative(
    @Param('programme') code: string,
    @Param('initiative') initiativeCode: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.page(request, reply, async (page, asked) => {
      const programme = await this.programmeNow(code, asked);
      const asOf = asOfOf(page.past, programme);
      const { cursor } = textsIn(query);
      const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const [{ answer: initiative }, { answer: history }] = await Promise.all([
        this.bus.execute(new GetInitiative(code, initiativeCode, asOf, asked)),
        this.bus.execute(new GetHistory(code, initiativeCode, asOf, paging, asked)),
      ]);
      if (!initiative || !history) throw new NotThere(initiativeCode);
      const shown = viewIn(initiatives, initiative);
      return initiativePage(page, { programme, initiative: shown, events: history.items, cursor: history.cursor });
    });
  }

  @Get(`assets/${stylesheetName}`)
  @Anyone()
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  @Header('x-content-type-options', 'nosniff')
  style(): string {
    return stylesheet;
  }

  @Get(`assets/${liveScriptName}`)
  @Anyone()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  @Header('x-content-type-options', 'nosniff')
  script(): string {
    return liveScript;
  }

  /** The present document of a programme. @throws {NotThere} */
  private async programmeNow(code: string, asked: Asked): Promise<ProgrammeView> {
    const { answer } = codePattern.test(code) ? await this.bus.execute(new GetProgramme(code, {}, asked)) : {};
    if (!answer) throw new NotThere(code);
    return viewIn(programmes, answer);
  }

  /** Renders a page or, if it fails, the page that gives the reason. */
  private async page(request: Request, reply: Reply, render: (page: Page, asked: Asked) => Promise<string>): Promise<string> {
    void reply.headers(headers);
    const query = textsIn(request.query);
    const { lang, happened, known: knownBy, ...rest } = query;
    const language = languageOf(lang, request.headers['accept-language']);
    const past: Past = {
      ...(happened !== undefined && happened !== '' && { happened }),
      ...(knownBy !== undefined && knownBy !== '' && { known: knownBy }),
    };
    const page: Page = {
      speech: new Speech(language),
      path: request.url.split('?', 1)[0] ?? '/',
      query: { ...rest, ...past },
      past,
      keepsLanguage: lang === language,
    };
    try {
      for (const [name, day] of Object.entries(past)) if (!isIsoDate(day)) throw new BadAddress(`${name}: YYYY-MM-DD`);
      return await render(page, { asker: new RequestAsker(request, reply) });
    } catch (error) {
      return failed(page, error, reply);
    }
  }
}

function failed(page: Page, error: unknown, reply: Reply): string {
  if (error instanceof NotThere) {
    void reply.code(404);
    return failurePage(page, 'notFound', page.speech.say('notFoundText'));
  }
  if (error instanceof BadAddress) {
    void reply.code(400);
    return failurePage(page, 'malformed', error.message);
  }
  const { problem } = problemOf(error);
  if (problem.status !== 400 && problem.status !== 503) throw error;
  void reply.code(problem.status);
  return problem.status === 503
    ? failurePage(page, 'unavailable', page.speech.say('unavailableText'))
    : failurePage(page, 'malformed', problem.detail);
}

/** The view in a document, from its JSON text. */
function viewIn<B extends JsonObject, I extends JsonObject | undefined>(collection: Collection<B, I>, { text }: { text: string }): B {
  return bodyOf(collection, { body: bodyIn(text) });
}

/** The past that a reader asks for. A day of recording ends at its end in the programme's time zone. */
function asOfOf({ happened, known: day }: Past, { timeZone }: ProgrammeView): AsOf {
  return { ...(happened !== undefined && { occurredBy: happened }), ...(day !== undefined && { knownBy: endOfDay(timeZone, day) }) };
}

/** The parameters that an address has once and not empty. */
function textsIn(query: unknown): Record<string, string> {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}
