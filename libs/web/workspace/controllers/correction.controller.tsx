import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decimalText } from '../../../currencies/decimal-text.js';
import { fiscalYearOf } from '../../../domain/calendar.js';
import { Anyone } from '../../../http/access.js';
import { Terms } from '../../../http/terms.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { commandIdsOf, CommandSteps, type Prepared, type Task } from '../command-steps.js';
import { correctionForm, correctionOf, withReversedAmount, type Correctable } from '../corrections.js';
import { crumbsTo } from '../crumbs.js';
import { changesOf } from '../changes.js';
import { FormFields } from '../form-fields.js';
import { initiativeShown, shownOf } from '../forms/shown.js';
import { InitiativeFacts } from '../parts/initiative-facts.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages, type OwnPage } from '../workspace-pages.js';
import { todayIn } from './forms.controller.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Corrects a payment in one step: it is reversed and recorded again, both or neither. */
@ApiExcludeController()
@Controller('workspace/p/:programme/i/:initiative/corrections')
export class CorrectionController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
    private readonly steps: CommandSteps,
  ) {}

  /** `version` is that of the payment's entry. */
  @Get(':version')
  @Anyone()
  form(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Param('version') version: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { task, payment } = await this.task(own, programme, initiative, version);
      const { payee = '', description = '' } = payment;
      const amount = decimalText(payment.left.toString(), task.programme.minorUnits ?? 0);
      return this.steps.begin(own, task, new FormFields(Object.entries({ amount, payee, description })));
    });
  }

  @Post(':version')
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded' })
  take(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Param('version') version: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.take(request, reply, async (own, form) =>
      this.steps.take(own, (await this.task(own, programme, initiative, version)).task, form),
    );
  }

  private async task(own: OwnPage, code: string, initiativeCode: string, version: string): Promise<{ task: Task; payment: Correctable }> {
    own.requireRole('ministry');
    const programme = await this.reads.programme(code, own.about(code));
    const initiative = await this.reads.initiative(code, initiativeCode, own.about(code));
    own.requireAuthorityOf(initiative);
    const payment = await this.payment(own, initiative, version);
    const task: Task = {
      title: 'correctPayment',
      action: `/workspace/p/${code}/i/${initiativeCode}/corrections/${version}`,
      programme,
      crumbs: crumbsTo(own, programme, initiative),
      asked: correctionForm.fields,
      about: (
        <>
          <InitiativeFacts initiative={initiative} />
          <p>{own.say('correctionText', { transaction: payment.transactionId })}</p>
        </>
      ),
      prepare: (typed, commandId) => this.prepare(own, { programme, initiative, payment }, typed, commandId),
    };
    return { task, payment };
  }

  private prepare(
    own: OwnPage,
    { programme, initiative, payment }: { programme: ProgrammeView; initiative: InitiativeView; payment: Correctable },
    sent: FormFields,
    commandId: string,
  ): Prepared {
    const typed = withReversedAmount(sent, payment);
    const [reversalId = '', spendingId = ''] = commandIdsOf(commandId, 2);
    const read = correctionOf(payment, typed, {
      programme: programme.programme,
      initiative: initiative.initiative,
      actor: own.session.actor,
      minorUnits: programme.minorUnits ?? 0,
      commandIds: { reversal: reversalId, spending: spendingId },
      link: own.say('correctionOf', { transaction: payment.transactionId }),
    });
    if ('faults' in read) return read;
    const { reversal, spending } = read;
    const before = { initiative, years: [], today: todayIn(programme), correctedYear: fiscalYearOf(payment.occurredOn) };
    return {
      lines: [reversal.line, spending.line],
      typed,
      shown: [initiativeShown(initiative), ...shownOf(correctionForm, spending.line, typed)],
      warnings: <p>{own.say('correctionText', { transaction: payment.transactionId })}</p>,
      changes: changesOf([reversal.command, spending.command], before),
    };
  }

  /** The payment that an entry records, and the amount that is not reversed yet. @throws {NotThere} the entry is no payment */
  private async payment(own: OwnPage, { programme, initiative }: InitiativeView, version: string): Promise<Correctable> {
    if (!/^[1-9]\d{0,8}$/.test(version)) throw new NotThere(version);
    let payment: Correctable | undefined;
    let next: string | undefined = version;
    while (next !== undefined) {
      const { items, cursor } = await this.reads.history(programme, initiative, Number(next), 1_000, own.about(programme));
      for (const event of items) {
        if (event.type === 'SpendingRecorded' && String(event.version) === version)
          payment = { ...event.data, occurredOn: event.occurredOn, left: event.data.amount };
        if (event.type === 'SpendingReversed' && payment && event.data.transactionId === payment.transactionId)
          payment = { ...payment, left: payment.left - event.data.amount };
      }
      if (!payment) throw new NotThere(version);
      next = cursor;
    }
    if (!payment) throw new NotThere(version);
    return payment;
  }
}
