import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decimalText } from '../../../currencies/decimal-text.js';
import { fiscalYearOf } from '../../../domain/calendar.js';
import { Anyone } from '../../../http/access.js';
import { Terms } from '../../../http/terms.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { Money } from '../../parts/texts.js';
import { changesOfYears } from '../changes.js';
import { commandIdsOf, CommandSteps, type Prepared, type Task } from '../command-steps.js';
import { crumbsTo } from '../crumbs.js';
import { FormFields } from '../form-fields.js';
import { amountField, commonFields, fundingsOf } from '../funding-several.js';
import { shownOf } from '../forms/shown.js';
import { FundSeveral } from '../pages/fund-several.js';
import { WorkspaceReads } from '../reads.js';
import { WorkspacePages, type OwnPage } from '../workspace-pages.js';
import { todayIn } from './forms.controller.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Funds several of the initiatives that wait: all or none. */
@ApiExcludeController()
@Controller('workspace/p/:programme/funding')
export class FundingController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
    private readonly steps: CommandSteps,
  ) {}

  @Get()
  @Anyone()
  form(@Param('programme') programme: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { task, requested } = await this.task(own, programme);
      const today = todayIn(task.programme);
      return this.steps.begin(
        own,
        task,
        new FormFields([['fiscalYear', String(fiscalYearOf(today))], ['occurredOn', today], ...requested]),
      );
    });
  }

  @Post()
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded' })
  take(@Param('programme') programme: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.take(request, reply, async (own, form) => this.steps.take(own, (await this.task(own, programme)).task, form));
  }

  /** The form, and the amounts that were requested. */
  private async task(own: OwnPage, code: string): Promise<{ task: Task; requested: [string, string][] }> {
    own.requireRole('finance');
    const programme = await this.reads.programme(code, own.about(code));
    const waiting = await this.reads.initiatives(code, { status: ['proposed'] }, 'proposedOn', own.page.query['cursor'], own.about(code));
    const action = `/workspace/p/${code}/funding`;
    const amounts = waiting.items.map(({ initiative }) => ({ ...amount, name: amountField(initiative) }));
    const task: Task = {
      title: 'fundSeveral',
      action,
      programme,
      crumbs: crumbsTo(own, programme),
      asked: [...commonFields, ...amounts],
      isEmpty: waiting.items.length === 0,
      form: (typed, faults, canSend) => (
        <FundSeveral {...{ action, waiting, typed, faults, canSend }} asked={[...commonFields, ...amounts]} session={own.session} />
      ),
      prepare: (typed, commandId) => this.prepare(own, programme, typed, commandId),
    };
    const requested = waiting.items.flatMap(({ initiative, requestedAmount }): [string, string][] =>
      requestedAmount === undefined ? [] : [[amountField(initiative), decimalText(requestedAmount, programme.minorUnits ?? 0)]],
    );
    return { task, requested };
  }

  private async prepare(own: OwnPage, programme: ProgrammeView, typed: FormFields, commandId: string): Promise<Prepared> {
    const { programme: code, minorUnits } = programme;
    const target = { programme: code, actor: own.session.actor, minorUnits: minorUnits ?? 0 };
    const fundings = fundingsOf(typed, target, (count) => commandIdsOf(commandId, count));
    if ('faults' in fundings) return fundings;
    const { lines, commands } = fundings;
    const years = await this.reads.years(code, own.about(code));
    return {
      lines,
      typed,
      shown: [
        ...commands.flatMap((command) =>
          command.type === 'FundInitiative'
            ? [{ name: 'initiative' as const, of: command.initiative, value: <Money amount={command.data.amount.toString()} /> }]
            : [],
        ),
        ...shownOf({ fields: commonFields }, lines[0], typed),
      ],
      changes: changesOfYears(commands, years),
    };
  }
}

const amount = { kind: 'amount', label: 'amount', optional: true } as const;
