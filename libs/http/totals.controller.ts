import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { documentOf } from '../application/queries/documents.js';
import { GetFiscalYear, GetSeries, ListAppropriations, ListGroups } from '../application/queries/totals.js';
import type { FiscalYear } from '../domain/vocabulary.js';
import { authorityView, regionView, sectorView, sourceView, type GroupView } from '../projections/totals/views.js';
import type { AsOf } from '../projections/as-of.js';
import type { Grouping } from '../projections/totals/dimensions.js';
import { mostItems } from '../projections/totals/series.js';
import { Readers } from './access.js';
import { answerIn, Answering, asOfDescribed, paged } from './answering.js';
import { AuthorityList } from './dto/answers.js';
import type { ListName } from './csv-lists.js';
import { AppropriationList, FiscalYearDetailBody, RegionList, SectorList, SeriesList, SourceList } from './dto/totals.js';
import { asOfList, asOfOnly, historyPage, malformed, type HistoryPage } from './parameters.js';
import { unknownFiscalYear, unknownProgramme } from './problem.js';
import { answerDocument } from './reading-answers.js';
import { ReadRoute } from './routes.js';
import { seriesOnly, YearInAddress, type SeriesQuery } from './series-parameters.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Routes that read a programme's totals by authority, by region, by sector, by source, by period and by fiscal year, and the appropriations that they stand on. */
@ApiTags('reading')
@Controller('programmes/:programme')
export class TotalsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('authorities')
  @Readers()
  @ReadRoute(':programme', AuthorityList, 'The totals of every authority’s initiatives, now or as of a past day.', asOfDescribed, true)
  authorities(
    @Param('programme') programme: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.groups({ grouping: 'authority', list: 'authorities', view: authorityView }, { programme, asOf, request, reply });
  }

  @Get('regions')
  @Readers()
  @ReadRoute(
    ':programme',
    RegionList,
    'The totals of every region’s initiatives, now or as of a past day. Initiatives without a region are in none of them.',
    asOfDescribed,
    true,
  )
  regions(
    @Param('programme') programme: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.groups({ grouping: 'region', list: 'regions', view: regionView }, { programme, asOf, request, reply });
  }

  @Get('sectors')
  @Readers()
  @ReadRoute(
    ':programme',
    SectorList,
    'The totals of every sector’s initiatives, now or as of a past day. Initiatives without a sector are in none of them.',
    asOfDescribed,
    true,
  )
  sectors(
    @Param('programme') programme: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.groups({ grouping: 'sector', list: 'sectors', view: sectorView }, { programme, asOf, request, reply });
  }

  @Get('sources')
  @Readers()
  @ReadRoute(
    ':programme',
    SourceList,
    'What was appropriated and funded out of each kind of source, now or as of a past day. Money without a named source is in none of them.',
    asOfDescribed,
    true,
  )
  sources(
    @Param('programme') programme: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.groups({ grouping: 'source', list: 'sources', view: sourceView }, { programme, asOf, request, reply });
  }

  @Get('series')
  @Readers()
  @ReadRoute(
    ':programme',
    SeriesList,
    'What was appropriated, funded, spent, returned and committed in each period, by the day on which it happened; now or as of a past day. The sums of all periods are ' +
      'the totals. Periods without a movement between the first and the last are there with zeros. An initiative that moves to another authority, region or sector ' +
      'takes its money along: in the period of the move it is taken from the one and given to the other. By status, a series counts initiatives: the ' +
      'number in each status at the end of each period; there are no sums by status.',
    {
      by: 'The length of a period: calendar months, quarters or years; months if absent.',
      group: '`authority`, `region`, `sector` or `source` gives the sums of each, in every period; `status` counts initiatives.',
      measure:
        'What to sum, with commas between: appropriated, funded, spent, returned, committed; all that there are if absent. Authorities, regions and sectors have no `appropriated`. Sources have `appropriated` and `funded` only.',
      ...asOfDescribed,
    },
    true,
  )
  async series(
    @Param('programme') programme: string,
    @Query(seriesOnly) { series, asOf }: SeriesQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new GetSeries(programme, series, asOf, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    if ('tooMany' in found)
      throw malformed(
        'by',
        `by ${series.by} the series has ${found.tooMany} items, and an answer at most ${mostItems}: choose a longer period or no group`,
      );
    return this.answering.list('series', found, asked, request, reply, programme);
  }

  @Get('appropriations')
  @Readers()
  @ReadRoute(
    ':programme',
    AppropriationList,
    'Every grant and adjustment of a programme’s appropriations, and what carry-overs moved of them, with its legal basis, in the order of recording; now or as of a past day.',
    { ...asOfDescribed, ...paged },
    true,
  )
  async appropriations(
    @Param('programme') programme: string,
    @Query(historyPage) { asOf, paging }: HistoryPage,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListAppropriations(programme, asOf, paging, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('appropriations', found, asked, request, reply, programme);
  }

  @Get('fiscal-years/:fiscalYear')
  @Readers()
  @ReadRoute(
    ':programme/:fiscalYear',
    FiscalYearDetailBody,
    'A fiscal year: its totals, the appropriations that they stand on, when it was closed and reopened, and where its money is open; now or as of a past day.',
    asOfDescribed,
  )
  async fiscalYear(
    @Param('programme') programme: string,
    @Param('fiscalYear', YearInAddress) fiscalYear: FiscalYear,
    @Query(asOfOnly) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new GetFiscalYear(programme, fiscalYear, asOf, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    const { year } = found;
    if (!year) throw unknownFiscalYear(programme, fiscalYear);
    return answerDocument(documentOf(year, year.position), request, reply);
  }

  /** Answers with the totals of every group, in the order of their values. */
  private async groups(
    { grouping, list, view }: { grouping: Grouping; list: ListName; view: (group: GroupView) => object },
    { programme, asOf, request, reply }: { programme: string; asOf: AsOf; request: Request; reply: Reply },
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const items = answerIn(await this.bus.execute(new ListGroups(programme, grouping, asOf, asked)), reply)?.map(view);
    if (!items) throw unknownProgramme(programme);
    return this.answering.list(list, { items }, asked, request, reply, programme);
  }
}
