import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayIn } from '../../../domain/calendar.js';
import type { Command } from '../../../domain/commands.js';
import { Anyone } from '../../../http/access.js';
import { Terms } from '../../../http/terms.js';
import type { CommitmentView } from '../../../projections/commitments/commitment-view.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { changesOf } from '../changes.js';
import { CommandSteps, type Prepared, type Task } from '../command-steps.js';
import { crumbsTo } from '../crumbs.js';
import { earlierPaymentsToken, type EarlierPayment, type EarlierPayments } from '../earlier-payments.js';
import { formNamed, initiativeForms, programmeForms, type CommandForm } from '../forms/command-forms.js';
import { readForm } from '../forms/read-form.js';
import { initiativeShown, shownOf } from '../forms/shown.js';
import { usualFields } from '../forms/usual-fields.js';
import { FormFields } from '../form-fields.js';
import { InitiativeFacts } from '../parts/initiative-facts.js';
import { PaidBefore } from '../parts/paid-before.js';
import { WorkspaceReads } from '../reads.js';
import { NotThere, WorkspacePages, type OwnPage } from '../workspace-pages.js';

type Request = FastifyRequest;
type Reply = FastifyReply;
const takes = 'application/x-www-form-urlencoded';

/** The forms of single commands: filled in, checked and recorded at one address each. */
@ApiExcludeController()
@Controller('workspace/p/:programme')
export class FormsController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
    private readonly steps: CommandSteps,
    @Inject(earlierPaymentsToken) private readonly payments: EarlierPayments,
  ) {}

  @Get('send/:form')
  @Anyone()
  programmeForm(
    @Param('programme') programme: string,
    @Param('form') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => this.fillIn(own, name, await this.ofProgramme(own, programme, name)));
  }

  @Post('send/:form')
  @Anyone()
  @Terms({ takes })
  takeProgrammeForm(
    @Param('programme') programme: string,
    @Param('form') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.take(request, reply, async (own, form) => this.steps.take(own, await this.ofProgramme(own, programme, name), form));
  }

  @Get('i/:initiative/send/:form')
  @Anyone()
  initiativeForm(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Param('form') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) =>
      this.fillIn(own, name, await this.ofInitiative(own, programme, initiative, name)),
    );
  }

  @Post('i/:initiative/send/:form')
  @Anyone()
  @Terms({ takes })
  takeInitiativeForm(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Param('form') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.take(request, reply, async (own, form) =>
      this.steps.take(own, await this.ofInitiative(own, programme, initiative, name), form),
    );
  }

  /** The form with what its address says already, and what it usually says. */
  private fillIn(own: OwnPage, name: string, task: Task): string {
    const { query } = own.page;
    const usual = usualFields(name, todayIn(task.programme));
    const named = task.asked.flatMap((field) => {
      const text = query[field.name] ?? usual[field.name];
      return text === undefined ? [] : [[field.name, text] as const];
    });
    return this.steps.begin(own, task, new FormFields(named));
  }

  private async ofProgramme(own: OwnPage, code: string, name: string): Promise<Task> {
    const form = formNamed(programmeForms, name);
    if (!form) throw new NotThere(name);
    own.requireRole(...form.by);
    const programme = await this.reads.programme(code, own.about(code));
    return this.task(own, form, programme, `/workspace/p/${code}/send/${name}`);
  }

  private async ofInitiative(own: OwnPage, code: string, initiativeCode: string, name: string): Promise<Task> {
    const form = formNamed(initiativeForms, name);
    if (!form) throw new NotThere(name);
    own.requireRole(...form.by);
    const programme = await this.reads.programme(code, own.about(code));
    const initiative = await this.reads.initiative(code, initiativeCode, own.about(code));
    own.requireAuthorityOf(initiative);
    return this.task(own, form, programme, `/workspace/p/${code}/i/${initiativeCode}/send/${name}`, initiative);
  }

  private task(own: OwnPage, form: CommandForm, programme: ProgrammeView, action: string, initiative?: InitiativeView): Task {
    return {
      title: form.title,
      action,
      programme,
      crumbs: crumbsTo(own, programme, initiative),
      asked: form.fields,
      about: initiative && <InitiativeFacts initiative={initiative} />,
      prepare: (typed, commandId) => this.prepare(own, form, programme, initiative, typed, commandId),
    };
  }

  private async prepare(
    own: OwnPage,
    form: CommandForm,
    programme: ProgrammeView,
    initiative: InitiativeView | undefined,
    typed: FormFields,
    commandId: string,
  ): Promise<Prepared> {
    const { programme: code } = programme;
    const read = readForm(form, typed, {
      programme: code,
      ...(initiative && { initiative: initiative.initiative }),
      actor: own.session.actor,
      minorUnits: programme.minorUnits ?? 0,
      commandId,
    });
    if ('faults' in read) return read;
    const { line, command, fields } = read;
    const years = await this.reads.years(code, own.about(code));
    const commitment = initiative && (await this.commitmentOf(own, command, initiative));
    const paid = await this.paidBefore(own, command, todayIn(programme));
    return {
      lines: [line],
      typed: fields,
      shown: [...(initiative ? [initiativeShown(initiative)] : []), ...shownOf(form, line, fields)],
      changes: changesOf([command], { initiative, years, today: todayIn(programme), commitment }),
      warnings: <PaidBefore programme={code} payments={paid} />,
    };
  }

  /** The commitment that a command names, or that the payment it reverses was drawn from. */
  private async commitmentOf(own: OwnPage, { type, data }: Command, initiative: InitiativeView): Promise<CommitmentView | undefined> {
    const about = own.about(initiative.programme);
    if (type === 'RecordSpending' || type === 'ChangeCommitment' || type === 'ReleaseCommitment')
      return data.commitmentId === undefined ? undefined : this.reads.commitment(initiative, { commitmentId: data.commitmentId }, about);
    return type === 'ReverseSpending' && data.transactionId !== undefined
      ? this.reads.commitment(initiative, { transactionId: data.transactionId }, about)
      : undefined;
  }

  private async paidBefore(own: OwnPage, command: Command, today: string): Promise<EarlierPayment[]> {
    if (command.type !== 'RecordSpending') return [];
    const { programme, initiative, data, occurredOn = today } = command;
    const { payee, amount, transactionId } = data;
    if (payee === undefined) return [];
    const found = await this.payments.like({ programme, payee, amount, occurredOn }, own.about(programme));
    // Sent twice, it is one payment: the ledger itself knows it by its number.
    return found.filter((payment) => payment.initiative !== initiative || payment.transactionId !== transactionId);
  }
}

export function todayIn({ timeZone }: ProgrammeView): string {
  return dayIn(timeZone, Date.now());
}
