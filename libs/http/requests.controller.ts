import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetRequest, ListRequests } from '../application/queries/requests.js';
import { approverRoles } from '../domain/requests/approvals.js';
import { codePattern } from '../domain/vocabulary.js';
import { requestStatuses, type RequestListing } from '../projections/requests/reads.js';
import { Holders, knownSender } from './access.js';
import { answerIn, Answering, paged } from './answering.js';
import { RequestBody, RequestList } from './dto/held-requests.js';
import { malformed, noParameters, pagingNames, pagingOf, Parameters } from './parameters.js';
import { notFound, unknownProgramme } from './problem.js';
import { ReadRoute } from './routes.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

const filterNames = ['status', 'mine', 'initiative', 'waitsFor'] as const;
const described = {
  status: 'Only requests that stand so today.',
  mine: '`true`: only what the reader sent.',
  initiative: 'Only requests about this initiative.',
  waitsFor: 'Only requests for the approval of this role.',
} as const;
const schemas = {
  status: wordOf(requestStatuses),
  mine: wordOf(['true', 'false']),
  initiative: { type: 'string', pattern: codePattern.source },
  waitsFor: wordOf(approverRoles),
} as const;
function wordOf(values: readonly string[]): { type: 'string'; enum: string[] } {
  return { type: 'string', enum: [...values] };
}

/** A page of filtered requests. */
const requestPage = new Parameters(
  [...filterNames, ...pagingNames],
  ({ status, mine, initiative, waitsFor, ...paging }): RequestListing => {
    if (initiative !== undefined && !codePattern.test(initiative)) throw malformed('initiative', 'initiative must be a code');
    return {
      filter: {
        ...(status !== undefined && { status: oneOf('status', requestStatuses, status) }),
        ...(mine !== undefined && { mine: mine === 'true' }),
        ...(initiative !== undefined && { initiative }),
        ...(waitsFor !== undefined && { waitsFor: oneOf('waitsFor', approverRoles, waitsFor) }),
      },
      paging: pagingOf(paging),
    };
  },
);

function oneOf<T extends string>(name: string, values: readonly T[], text: string): T {
  const value = values.find((one) => one === text);
  if (value === undefined) throw malformed(name, `${name} must be one of ${values.join(', ')}`);
  return value;
}

/** Routes that read the commands that wait for a second person. */
@ApiTags('reading')
@Controller('programmes/:programme/requests')
export class RequestsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get()
  @Holders()
  @ReadRoute(
    ':programme',
    RequestList,
    'Commands that wait for a second person and what became of them, newest first. Finance, auditors and admins see all; a ministry sees those that it sent and those that wait for its approval.',
    { ...described, ...paged },
    true,
    schemas,
  )
  async requests(
    @Param('programme') programme: string,
    @Query(requestPage) listing: RequestListing,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListRequests(programme, listing, knownSender(request), asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('requests', found, asked, request, reply, programme);
  }

  @Get(':requestId')
  @Holders()
  @ReadRoute(':programme/:requestId', RequestBody, 'One request: the command that waits, for whom, how long, and how it ended.')
  async request(
    @Param('programme') programme: string,
    @Param('requestId') requestId: string,
    @Query(noParameters) _none: object,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new GetRequest(programme, requestId, knownSender(request), asked)), reply);
    if (!found) throw notFound('unknown-request', `${programme} has no request ${requestId} that the token’s holder may see`);
    return found;
  }
}
