import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { ComponentChildren } from 'preact';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { statuses } from '../../../domain/vocabulary.js';
import { Anyone } from '../../../http/access.js';
import { senderIn } from '../../../event-log/record.js';
import { isId } from '../../../http/parse-command.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { commandIdsOf } from '../command-steps.js';
import { crumbsTo } from '../crumbs.js';
import { AuditorsWork } from '../pages/auditor.js';
import { FinanceWork } from '../pages/finance.js';
import { OwnInitiative } from '../pages/initiative.js';
import { MinistryWork } from '../pages/ministry.js';
import { Programmes } from '../pages/programmes.js';
import { Receipt } from '../pages/receipt.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages, type OwnPage } from '../workspace-pages.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Entries on one page. */
const pageSize = 50;
/** The most receipts of one form. */
const mostReceipts = 200;

/** The pages to begin with: the programmes, the work of each role, one initiative, and the receipts of what was sent. */
@ApiExcludeController()
@Controller('workspace')
export class HomeController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
  ) {}

  @Get()
  @Anyone()
  home(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const programmes = await this.reads.programmes(own.everything);
      const [only, ...others] = programmes;
      if (only && others.length === 0) return own.goTo(`/workspace/p/${only.programme}`);
      return own.html(own.say('workspace'), [], <Programmes programmes={programmes} />);
    });
  }

  @Get('p/:programme')
  @Anyone()
  programme(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const programme = await this.reads.programme(code, own.about(code));
      const title = own.page.speech.title(programme.title).text;
      const work = await this.workIn(own, programme);
      return own.html(title, crumbsTo(own), <InCurrency value={currencyOf(programme)}>{work}</InCurrency>);
    });
  }

  /** What the role of the session's holder has to do in a programme. */
  private async workIn(own: OwnPage, programme: ProgrammeView): Promise<ComponentChildren> {
    const { organisation, role } = own.session.actor;
    const { programme: code } = programme;
    const { status: asked, cursor } = own.page.query;
    const status = statuses.find((one) => one === asked);
    switch (role) {
      case 'ministry': {
        const filter = { authority: [organisation], ...(status && { status: [status] }) };
        const initiatives = await this.reads.initiatives(code, filter, '-lastRecordedAt', cursor, own.about(code));
        return <MinistryWork programme={programme} initiatives={initiatives} status={status} />;
      }
      case 'finance': {
        const [waiting, years] = await Promise.all([
          this.reads.initiatives(code, { status: ['proposed'] }, 'proposedOn', cursor, own.about(code)),
          this.reads.years(code, own.about(code)),
        ]);
        return <FinanceWork programme={programme} waiting={waiting} years={years} />;
      }
      case 'auditor':
      case 'admin':
        return <AuditorsWork programme={programme} />;
    }
  }

  @Get('p/:programme/i/:initiative')
  @Anyone()
  initiative(
    @Param('programme') code: string,
    @Param('initiative') initiativeCode: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { from = '1' } = own.page.query;
      if (!/^[1-9]\d{0,8}$/.test(from)) throw new NotThere(from);
      const programme = await this.reads.programme(code, own.about(code));
      const initiative = await this.reads.initiative(code, initiativeCode, own.about(code));
      const { items, cursor } = await this.reads.history(code, initiativeCode, Number(from), pageSize, own.about(code));
      const shown = { programme, initiative, events: items, next: cursor, actor: own.session.actor };
      const title = own.page.speech.title(initiative.title).text;
      return own.html(
        title,
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <OwnInitiative {...shown} />
        </InCurrency>,
      );
    });
  }

  /** The receipts of what one form sent, by the id that its check page made. */
  @Get('p/:programme/receipts/:commandId')
  @Anyone()
  receipt(
    @Param('programme') code: string,
    @Param('commandId') commandId: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { count = '1', position = '0' } = own.page.query;
      if (!isId(commandId) || !/^\d{1,4}$/.test(count) || !/^\d{1,15}$/.test(position)) throw new NotThere(commandId);
      const asked = { ...own.about(code), atLeast: Number(position) };
      const programme = await this.reads.programme(code, asked);
      const { organisation, role } = own.session.actor;
      const ids = commandIdsOf(commandId, Math.min(Number(count), mostReceipts));
      const found = await Promise.all(ids.map((id) => this.reads.recordsOf(code, organisation, id, asked)));
      const records = found.flat().filter(({ record }) => senderIn(record).role === role);
      if (records.length === 0) throw new NotThere(commandId);
      return own.html(
        own.say('receipt'),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <Receipt programme={programme} records={records} />
        </InCurrency>,
      );
    });
  }
}
