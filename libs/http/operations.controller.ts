import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiBadRequestResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { ProblemBody } from './dto/problem-body.js';
import type { FastifyReply } from 'fastify';
import { Anyone } from './access.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { problem, ProblemError } from './problem.js';
import { Terms } from './terms.js';

/** Routes for operators: liveness, readiness and metrics. */
@ApiTags('operating')
@Controller()
export class OperationsController {
  constructor(@Inject(dependenciesToken) private readonly dependencies: Dependencies) {}

  @Get('health/live')
  @Anyone()
  @Terms({ cost: 0 })
  @ApiOperation({ summary: 'Whether the process is alive.' })
  @ApiBadRequestResponse({ type: ProblemBody, description: 'The request is not valid HTTP.' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['live'] } }, required: ['status'] } })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Anyone()
  @Terms({ cost: 0 })
  @ApiOperation({ summary: 'Whether requests can be served.' })
  @ApiBadRequestResponse({ type: ProblemBody, description: 'The request is not valid HTTP.' })
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string', enum: ['ready'] } }, required: ['status'] } })
  @ApiServiceUnavailableResponse({ type: ProblemBody, description: 'Requests can’t be served now; `detail` says why.' })
  async ready() {
    const missing = await this.dependencies.notReady();
    if (missing !== undefined) throw new ProblemError(problem(503, 'not-ready', missing), { 'retry-after': '1' });
    return { status: 'ready' };
  }

  @Get('metrics')
  @Anyone()
  @ApiOperation({ summary: 'Commands, refusals, commit times, the lag of the read models and open notices, for Prometheus.' })
  @ApiBadRequestResponse({ type: ProblemBody, description: 'The request is not valid HTTP.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async metrics(@Res({ passthrough: true }) reply: FastifyReply) {
    const { registry } = this.dependencies.metrics;
    reply.type(registry.contentType);
    return registry.metrics();
  }
}
