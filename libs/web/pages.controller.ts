/** The public pages. They use the queries of the HTTP interface, and their HTML is complete without JavaScript. */
import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { ListIndicators, ListMilestones, ListResults } from '../application/queries/delivery.js';
import { ListEntries, ListNotices } from '../application/queries/entries.js';
import { ListCommitments } from '../application/queries/commitments.js';
import { GetHistory, GetInitiative, ListInitiatives } from '../application/queries/initiatives.js';
import { GetProgramme, ListFiscalYears, ListProgrammes } from '../application/queries/programmes.js';
import { GetFiscalYear, GetSeries, ListGroups } from '../application/queries/totals.js';
import type { Asked } from '../application/reading.js';
import { Anyone, PageReaders } from '../http/access.js';
import { Terms } from '../http/terms.js';
import { isPast, type AsOf } from '../projections/as-of.js';
import { initiatives } from '../projections/initiatives/collection.js';
import type { InitiativeView } from '../projections/initiatives/initiative-view.js';
import { programmes } from '../projections/totals/collections.js';
import { periodLengths } from '../projections/totals/periods.js';
import { sumsOnly } from '../projections/totals/series.js';
import { filterOfPage } from './initiative-filter.js';
import { KeptPages } from './kept-pages.js';
import { liveScript, liveScriptName } from './live.js';
import { commitmentsCursor } from './parts/commitments.js';
import type { Page } from './page.js';
import {
  answerPage,
  answerProgrammePage,
  asOfOf,
  BadAddress,
  NotThere,
  programmeNow,
  textsIn,
  viewIn,
  type Reply,
  type Request,
} from './page-request.js';
import { fiscalYearPage, initiativePage, initiativesPage, programmePage, programmesPage } from './pages.js';
import { sorts } from './pages/initiatives.js';
import { stylesheet, stylesheetName } from './stylesheet.js';

const pageSize = 50;
const commitmentsShown = 50;
const resultsShown = 1_000;
/** The number of notices and of entries on a programme's page. */
const latestItems = 5;
const nothingLatest = { notices: [], entries: [] };

@ApiExcludeController()
@Controller()
export class PagesController {
  private readonly kept = new KeptPages();

  constructor(private readonly bus: QueryBus) {}

  @Get()
  @PageReaders()
  home(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return answerPage(request, reply, async (page, asked) => {
      const { texts } = await this.bus.execute(new ListProgrammes({ limit: 1_000 }, asked));
      return programmesPage(
        page,
        texts.map((text) => viewIn(programmes, { text })),
      );
    });
  }

  @Get('p/:programme')
  @PageReaders()
  programme(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const { by: named = 'quarter' } = textsIn(query);
      const by = periodLengths.find((length) => length === named);
      if (by === undefined) throw new BadAddress(`by: ${periodLengths.join(', ')}`);
      // A person who has signed in sees what was recorded a moment ago. Waiting comes before the page is made, because others share what is made.
      const { asker, hopedFor = 0 } = asked;
      const hasSignedIn = request.headers.cookie !== undefined || request.headers.authorization !== undefined;
      const reached = hasSignedIn || hopedFor > 0 ? (await programmeNow(this.bus, code, asked)).position : 0;
      const atLeast = hasSignedIn ? reached : Math.min(reached, hopedFor);
      return this.kept.get(page, atLeast, async () => {
        const now = await programmeNow(this.bus, code, { asker });
        return { position: now.position, text: await this.programmeAsOf(page, code, { by, asOf: asOfOf(page.past, now) }, { asker }) };
      });
    });
  }

  private async programmeAsOf(
    page: Page,
    code: string,
    { by, asOf }: { by: (typeof periodLengths)[number]; asOf: AsOf },
    asked: Asked,
  ): Promise<string> {
    const [programme, years, authorities, regions, sectors, sources, series] = await Promise.all([
      this.bus.execute(new GetProgramme(code, asOf, asked)),
      this.bus.execute(new ListFiscalYears(code, asOf, asked)),
      this.bus.execute(new ListGroups(code, 'authority', asOf, asked)),
      this.bus.execute(new ListGroups(code, 'region', asOf, asked)),
      this.bus.execute(new ListGroups(code, 'sector', asOf, asked)),
      this.bus.execute(new ListGroups(code, 'source', asOf, asked)),
      this.bus.execute(new GetSeries(code, { by, measures: ['funded', 'spent', 'returned'] }, asOf, asked)),
    ]);
    const { notices, entries } = isPast(asOf) ? nothingLatest : await this.latest(code, asked);
    if (!programme.answer || !years.answer || !authorities.answer || !regions.answer || !sectors.answer || !sources.answer)
      throw new NotThere(code);
    return programmePage(page, {
      programme: viewIn(programmes, programme.answer),
      years: years.answer,
      authorities: authorities.answer,
      notices,
      entries,
      regions: regions.answer,
      sectors: sectors.answer,
      sources: sources.answer,
      by,
      series: sumsOnly(series.answer),
    });
  }

  @Get('p/:programme/years/:year')
  @PageReaders()
  year(
    @Param('programme') code: string,
    @Param('year') year: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const fiscalYear = /^\d{4}$/.test(year) ? Number(year) : 0;
      const { answer } = await this.bus.execute(new GetFiscalYear(code, fiscalYear, asOfOf(page.past, programme), asked));
      if (!answer?.year) throw new NotThere(year);
      return fiscalYearPage(page, { programme, year: answer.year });
    });
  }

  private async latest(code: string, asked: Asked) {
    const [{ answer: notices }, { answer: entries }] = await Promise.all([
      this.bus.execute(new ListNotices(code, undefined, { limit: latestItems }, asked)),
      this.bus.execute(new ListEntries(code, { filter: {}, sort: '-position', paging: { limit: latestItems } }, undefined, asked)),
    ]);
    return { notices: notices?.items ?? [], entries: entries?.items ?? [] };
  }

  @Get('p/:programme/initiatives')
  @PageReaders()
  initiatives(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const listing = filterOfPage(page, query, programme, Object.keys(sorts), pageSize);
      const [{ answer: list }, { answer: authorities = [] }] = await Promise.all([
        this.bus.execute(new ListInitiatives(code, listing, asked)),
        this.bus.execute(new ListGroups(code, 'authority', {}, asked)),
      ]);
      if (!list) throw new NotThere(code);
      return initiativesPage(page, {
        programme,
        authorities,
        initiatives: list.texts.map((text) => viewIn(initiatives, { text })),
        filter: { ...listing.filter, sort: listing.sort },
        cursor: list.cursor,
        total: list.total,
        totalAtLeast: list.totalAtLeast,
      });
    });
  }

  @Get('p/:programme/i/:initiative')
  @PageReaders()
  // Its commitments are folded from all entries of the initiative.
  @Terms({ cost: 10 })
  initiative(
    @Param('programme') code: string,
    @Param('initiative') initiativeCode: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const asOf = asOfOf(page.past, programme);
      const { cursor, [commitmentsCursor]: after } = textsIn(query);
      const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const [{ answer: initiative }, { answer: history }] = await Promise.all([
        this.bus.execute(new GetInitiative(code, initiativeCode, asOf, asked)),
        this.bus.execute(new GetHistory(code, initiativeCode, asOf, paging, asked)),
      ]);
      if (!initiative || !history) throw new NotThere(initiativeCode);
      const shown = viewIn(initiatives, initiative);
      const [{ items: commitments, cursor: moreCommitments }, delivery] = await Promise.all([
        this.commitments(shown, asOf, after, asked),
        this.delivery(shown, asOf, asked),
      ]);
      const { items: events, cursor: next } = history;
      const parts = { commitments, moreCommitments, ...delivery, events, cursor: next };
      return initiativePage(page, { programme, initiative: shown, ...parts });
    });
  }

  /** A page of its commitments. Asked for only if the initiative has some. */
  private async commitments(shown: InitiativeView, asOf: AsOf, cursor: string | undefined, asked: Asked) {
    const paging = { limit: commitmentsShown, ...(cursor !== undefined && { cursor }) };
    const listed =
      shown.commitments > 0 && (await this.bus.execute(new ListCommitments(shown.programme, shown.initiative, asOf, paging, asked)));
    const { items, cursor: next } = (listed && listed.answer) || { items: [], cursor: undefined };
    return { items, cursor: next };
  }

  /** Asked for only if the initiative has some. */
  private async delivery({ programme, initiative, milestones, indicators }: InitiativeView, asOf: AsOf, asked: Asked) {
    const listing = { asOf, paging: { limit: resultsShown }, latestFirst: true as const };
    const [planned, defined, reported] = await Promise.all([
      milestones ? this.bus.execute(new ListMilestones(programme, initiative, asOf, asked)) : undefined,
      indicators ? this.bus.execute(new ListIndicators(programme, initiative, asOf, asked)) : undefined,
      indicators ? this.bus.execute(new ListResults(programme, initiative, listing, asked)) : undefined,
    ]);
    return { milestones: planned?.answer ?? [], indicators: defined?.answer ?? [], results: reported?.answer?.items.toReversed() ?? [] };
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
}
