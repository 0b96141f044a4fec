import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { problem, ProblemError } from '../../../http/problem.js';
import { maySeeEntriesOf } from '../../../projections/entries/filters.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { crumbsTo } from '../crumbs.js';
import { entriesAsked, startOfDay } from '../entry-search.js';
import { Entries, SentToday } from '../pages/entries.js';
import { WorkspaceReads } from '../reads.js';
import { WorkspacePages } from '../workspace-pages.js';
import { todayIn } from './forms.controller.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Entries by what people look for, and what their organisation sent today. Each sees what the interface for programs would show. */
@ApiExcludeController()
@Controller('workspace/p/:programme')
export class EntriesController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
  ) {}

  @Get('entries')
  @Anyone()
  entries(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { actor } = own.session;
      const programme = await this.reads.programme(code, own.about(code));
      const listing = entriesAsked(own.page.query, programme);
      const { organisation } = listing.filter;
      if (organisation !== undefined && !maySeeEntriesOf(organisation, actor))
        throw new ProblemError(problem(403, 'forbidden', `the entries of ${organisation} are not for ${actor.organisation}`));
      const found = await this.reads.entries(code, listing, actor, own.about(code));
      return own.html(
        own.say('entriesOf'),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <Entries programme={programme} found={found} />
        </InCurrency>,
      );
    });
  }

  @Get('today')
  @Anyone()
  today(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { actor } = own.session;
      const programme = await this.reads.programme(code, own.about(code));
      const filter = { organisation: actor.organisation, recordedAfter: startOfDay(programme, todayIn(programme)) };
      const { cursor } = own.page.query;
      const paging = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const found = await this.reads.entries(code, { filter, sort: '-position', paging }, actor, own.about(code));
      return own.html(
        own.say('sentToday'),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <SentToday programme={programme} found={found} />
        </InCurrency>,
      );
    });
  }
}

const pageSize = 50;
