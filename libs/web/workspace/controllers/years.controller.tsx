import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { crumbsTo } from '../crumbs.js';
import { YearEnd } from '../pages/year-end.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages } from '../workspace-pages.js';

/** The end of a fiscal year: what is still open, and the way to close it. */
@ApiExcludeController()
@Controller('workspace/p/:programme/years')
export class YearsController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
  ) {}

  @Get(':fiscalYear')
  @Anyone()
  year(
    @Param('programme') code: string,
    @Param('fiscalYear') fiscalYear: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      own.requireRole('finance');
      const programme = await this.reads.programme(code, own.about(code));
      const year = (await this.reads.years(code, own.about(code))).find((one) => String(one.fiscalYear) === fiscalYear);
      if (!year) throw new NotThere(fiscalYear);
      const open = await this.reads.initiatives(
        code,
        { openFunds: year.fiscalYear },
        '-available',
        own.page.query['cursor'],
        own.about(code),
      );
      return own.html(
        own.say('yearOf', { year: fiscalYear }),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <YearEnd programme={programme} year={year} open={open} />
        </InCurrency>,
      );
    });
  }
}
