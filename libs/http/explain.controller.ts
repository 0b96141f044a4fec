import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExplainFigure } from '../application/queries/explain.js';
import { valueOfOwner, type FigureAsked } from '../projections/explain/figures.js';
import type { Unknown } from '../projections/explain/reads.js';
import { Readers } from './access.js';
import { answerIn, Answering } from './answering.js';
import { ExplanationBody } from './dto/explain.js';
import { explainDescribed, explainQuery, explainSchemas, type ExplainQuery } from './explain-parameters.js';
import { notFound, unknownFiscalYear, unknownInitiative, unknownProgramme, type ProblemError } from './problem.js';
import { ReadRoute } from './routes.js';
import { Terms } from './terms.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** The route that says what a figure is made of. */
@ApiTags('reading')
@Controller('programmes/:programme')
export class ExplainController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('explain')
  @Readers()
  // A page that is not the first costs as much as a question about the past.
  @Terms({ cost: 10 })
  @ReadRoute(
    ':programme',
    ExplanationBody,
    'Why a figure is what it is: the events that add up to it in the order of their positions, each with what it adds and the sum after it; now or as of a past ' +
      'day. The sum of all effects is the figure. An initiative that moves to another authority, region or sector takes its money along: its amendment then has an ' +
      'effect. What gives and takes the same is not listed. Every page of one explanation counts up to the same position.',
    explainDescribed,
    true,
    explainSchemas,
  )
  async explain(
    @Param('programme') programme: string,
    @Query(explainQuery) { figure, asOf, paging }: ExplainQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ExplainFigure(programme, figure, asOf, paging, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    if ('unknown' in found) throw unknownOf(found, programme, figure);
    return this.answering.list('explanation', found, asked, request, reply, programme);
  }
}

/** The problem with a figure that is not there. */
function unknownOf({ unknown }: Unknown, programme: string, { figure, owner, fiscalYear }: FigureAsked): ProblemError {
  if (unknown === 'initiative') return unknownInitiative(programme, owner === 'programme' ? '' : valueOfOwner(owner));
  if (unknown === 'fiscal-year') return unknownFiscalYear(programme, fiscalYear ?? 0);
  return notFound(
    'unknown-figure',
    `${programme} has no ceiling, so it has no figure ${figure}: ask for its appropriated, funded or returned`,
  );
}
