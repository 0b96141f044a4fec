import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { Terms } from '../../../http/terms.js';
import { crumbsTo } from '../crumbs.js';
import { VerificationPage } from '../pages/verification.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages } from '../workspace-pages.js';

/** Units of the rate limit: one part of a check reads some thousand records. */
const cost = 100;

/** Checks the chain of a programme's records, part by part. */
@ApiExcludeController()
@Controller('workspace/p/:programme/verification')
export class VerificationController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
  ) {}

  @Get()
  @Anyone()
  @Terms({ cost })
  verify(
    @Param('programme') code: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      own.requireRole('auditor', 'admin');
      const { after = '0' } = own.page.query;
      if (!/^\d{1,15}$/.test(after)) throw new NotThere(after);
      const programme = await this.reads.programme(code, own.about(code));
      const checked = await this.reads.checkedAfter(code, Number(after), own.about(code));
      return own.html(
        own.say('verification'),
        crumbsTo(own, programme),
        <VerificationPage programme={code} from={Number(after)} checked={checked} />,
      );
    });
  }
}
