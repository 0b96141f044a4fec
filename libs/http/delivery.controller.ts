import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListIndicators, ListMilestones, ListResults } from '../application/queries/delivery.js';
import type { AsOf } from '../projections/as-of.js';
import type { ResultListing } from '../projections/delivery/reads.js';
import { Readers } from './access.js';
import { answerIn, Answering, asOfDescribed, paged } from './answering.js';
import { IndicatorList, MilestoneList, ResultList } from './dto/delivery.js';
import { asOfList, resultPage } from './parameters.js';
import { unknownInitiative } from './problem.js';
import { ReadRoute } from './routes.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Routes that read what an initiative delivers. */
@ApiTags('reading')
@Controller('programmes/:programme/initiatives/:initiative')
export class DeliveryController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('milestones')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    MilestoneList,
    'An initiative’s milestones in the order in which they are expected: baseline, every forecast, every report, drift; now or as of a past day.',
    asOfDescribed,
    true,
  )
  async milestones(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const items = answerIn(await this.bus.execute(new ListMilestones(programme, initiative, asOf, asked)), reply);
    if (!items) throw unknownInitiative(programme, initiative);
    return this.answering.list('milestones', { items }, asked, request, reply, programme);
  }

  @Get('indicators')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    IndicatorList,
    'An initiative’s indicators in the order of definition, each with its targets and their results; now or as of a past day.',
    asOfDescribed,
    true,
  )
  async indicators(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(asOfList) asOf: AsOf,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const items = answerIn(await this.bus.execute(new ListIndicators(programme, initiative, asOf, asked)), reply);
    if (!items) throw unknownInitiative(programme, initiative);
    return this.answering.list('indicators', { items }, asked, request, reply, programme);
  }

  @Get('results')
  @Readers()
  @ReadRoute(
    ':programme/:initiative',
    ResultList,
    'Every result of an initiative’s indicators with its corrections, in the order of recording; now or as of a past day.',
    { indicator: 'Only results of the indicator with this id.', ...asOfDescribed, ...paged },
    true,
  )
  async results(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(resultPage) listing: ResultListing,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListResults(programme, initiative, listing, asked)), reply);
    if (!found) throw unknownInitiative(programme, initiative);
    return this.answering.list('results', found, asked, request, reply, programme);
  }
}
