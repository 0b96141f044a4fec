import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { crumbsTo } from '../crumbs.js';
import { Absorption, sharesOf } from '../pages/absorption.js';
import { WorkspaceReads } from '../reads.js';
import { WorkspacePages } from '../workspace-pages.js';

/** Initiatives under way that have spent much of their funding. */
@ApiExcludeController()
@Controller('workspace/p/:programme/absorption')
export class AbsorptionController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
  ) {}

  @Get()
  @Anyone()
  list(@Param('programme') code: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { atLeast: asked, cursor } = own.page.query;
      const programme = await this.reads.programme(code, own.about(code));
      const shares = sharesOf(programme);
      const atLeast = shares.find((share) => String(share) === asked) ?? Math.min(...shares);
      const filter = { status: ['funded', 'spending', 'finalizing'] as const, absorptionAtLeast: atLeast };
      const found = await this.reads.initiatives(code, filter, '-absorption', cursor, own.about(code));
      return own.html(
        own.say('absorptionWork'),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <Absorption programme={programme} atLeast={atLeast} found={found} />
        </InCurrency>,
      );
    });
  }
}
