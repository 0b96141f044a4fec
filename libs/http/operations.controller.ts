import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Anyone } from './access.js';
import { partsToken, type Parts } from './parts.js';
import { problem, ProblemError } from './problem.js';

/** For whoever operates the ledger: is it alive, is it ready, how does it do. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(@Inject(partsToken) private readonly parts: Parts) {}

  @Get('health/live')
  @Anyone()
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Anyone()
  async ready() {
    const missing = await this.parts.notReady();
    if (missing !== undefined) throw new ProblemError(problem(503, 'not-ready', missing), { 'retry-after': '1' });
    return { status: 'ready' };
  }

  @Get('metrics')
  @Anyone()
  async metrics(@Res({ passthrough: true }) reply: FastifyReply) {
    const { registry } = this.parts.metrics;
    reply.type(registry.contentType);
    return registry.metrics();
  }
}
