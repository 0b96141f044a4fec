import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { approverRoles } from '../../../domain/requests/approvals.js';
import { Anyone } from '../../../http/access.js';
import { isId } from '../../../http/parse-command.js';
import { Terms } from '../../../http/terms.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { CommandSteps, type Task } from '../command-steps.js';
import { crumbsTo } from '../crumbs.js';
import { formNamed, requestForms } from '../forms/command-forms.js';
import { readForm } from '../forms/read-form.js';
import { shownOf } from '../forms/shown.js';
import { FormFields } from '../form-fields.js';
import { Requests } from '../pages/requests.js';
import { HeldCommand } from '../parts/held-command.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages, type OwnPage } from '../workspace-pages.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Commands that wait for a second person: the lists, and the forms that approve, return and withdraw. */
@ApiExcludeController()
@Controller('workspace/p/:programme/requests')
export class WorkspaceRequestsController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
    private readonly steps: CommandSteps,
  ) {}

  @Get()
  @Anyone()
  list(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { actor } = own.session;
      const { query } = own.page;
      const asked = own.about(code);
      const programme = await this.reads.programme(code, asked);
      const waitsFor = approverRoles.find((role) => role === actor.role);
      const seesAll = actor.role === 'auditor' || actor.role === 'admin';
      const [waiting, sent, all] = await Promise.all([
        this.reads.requests(
          code,
          { status: 'waiting', ...(waitsFor && { waitsFor }) },
          { cursor: query['waiting'], oldestFirst: true },
          actor,
          asked,
        ),
        // An auditor sends nothing that waits.
        actor.role === 'auditor' ? undefined : this.reads.requests(code, { mine: true }, { cursor: query['sent'] }, actor, asked),
        seesAll ? this.reads.requests(code, {}, { cursor: query['all'] }, actor, asked) : undefined,
      ]);
      return own.html(
        own.say('requestsWork'),
        crumbsTo(own, programme),
        <InCurrency value={currencyOf(programme)}>
          <Requests {...{ programme, actor, waiting, sent, all }} />
        </InCurrency>,
      );
    });
  }

  @Get(':requestId/:decision')
  @Anyone()
  form(
    @Param('programme') programme: string,
    @Param('requestId') requestId: string,
    @Param('decision') decision: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) =>
      this.steps.begin(own, await this.task(own, programme, requestId, decision), new FormFields()),
    );
  }

  @Post(':requestId/:decision')
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded' })
  take(
    @Param('programme') programme: string,
    @Param('requestId') requestId: string,
    @Param('decision') decision: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.take(request, reply, async (own, form) =>
      this.steps.take(own, await this.task(own, programme, requestId, decision), form),
    );
  }

  private async task(own: OwnPage, code: string, requestId: string, decision: string): Promise<Task> {
    const form = formNamed(requestForms, decision);
    if (!form || !isId(requestId)) throw new NotThere(decision);
    own.requireRole(...form.by);
    const programme = await this.reads.programme(code, own.about(code));
    const held = await this.reads.request(code, requestId, own.session.actor, own.about(code));
    return {
      title: form.title,
      action: `/workspace/p/${code}/requests/${requestId}/${decision}`,
      programme,
      crumbs: [...crumbsTo(own, programme), { text: own.say('requestsWork'), href: own.href(`/workspace/p/${code}/requests`) }],
      asked: form.fields,
      about: <HeldCommand request={held} />,
      prepare: (typed, commandId) => {
        const target = { programme: code, actor: own.session.actor, minorUnits: programme.minorUnits ?? 0, commandId };
        const read = readForm(form, typed, { ...target, data: { requestId } });
        if ('faults' in read) return read;
        const shown = [{ name: 'request' as const, value: <HeldCommand request={held} /> }, ...shownOf(form, read.line, read.fields)];
        return { lines: [read.line], typed: read.fields, shown, changes: [] };
      },
    };
  }
}
