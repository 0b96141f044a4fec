import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListCommitments } from '../application/queries/commitments.js';
import { Readers } from './access.js';
import { answerIn, Answering, asOfDescribed, paged } from './answering.js';
import { CommitmentList } from './dto/commitments.js';
import { commitmentPage, type HistoryPage } from './parameters.js';
import { unknownInitiative } from './problem.js';
import { ReadRoute } from './routes.js';
import { Terms } from './terms.js';

/** The route that reads an initiative's commitments. */
@ApiTags('reading')
@Controller('programmes/:programme/initiatives/:initiative')
export class CommitmentsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('commitments')
  @Readers()
  // They are folded from all entries of the initiative.
  @Terms({ cost: 10 })
  @ReadRoute(
    ':programme/:initiative',
    CommitmentList,
    'An initiative’s commitments with their changes and drawings, in the order in which they were made; now or as of a past day.',
    { ...asOfDescribed, ...paged, limit: 'Items per page, 1 to 100; 100 if absent.' },
    true,
  )
  async commitments(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(commitmentPage) query: HistoryPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListCommitments(programme, initiative, query.asOf, query.paging, asked)), reply);
    if (!found) throw unknownInitiative(programme, initiative);
    return this.answering.list('commitments', found, asked, request, reply, programme);
  }
}
