import { Inject, Injectable } from '@nestjs/common';
import type { ComponentChildren } from 'preact';
import { dependenciesToken, type Dependencies } from '../../http/dependencies.js';
import { isId } from '../../http/parse-command.js';
import { problemOf } from '../../http/problem.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { currencyOf } from '../currency.js';
import { InCurrency } from '../page.js';
import type { Crumb } from '../parts/layout.js';
import type { TextKey } from '../speech.js';
import type { FormField } from './forms/command-forms.js';
import { withOneMorePaper } from './forms/composite-fields.js';
import type { FieldFault } from './forms/read-form.js';
import { FormFields } from './form-fields.js';
import { Check, type Change, type Shown } from './pages/check.js';
import {
  againField,
  anotherPaper,
  CommandFormPage,
  formKept,
  keyField,
  shownSteps,
  stepField,
  type ShownStep,
} from './pages/command-form.js';
import { NothingNew } from './pages/receipt.js';
import { commandSenderToken, type CommandLine, type CommandSender, type Decision } from './sending/command-sender.js';
import type { OwnPage } from './workspace-pages.js';

/** The commands to send, and the content of the check page. */
export type Ready = {
  readonly lines: readonly [CommandLine, ...CommandLine[]];
  /** What was typed, with what was made for it. */
  readonly typed: FormFields;
  readonly shown: readonly Shown[];
  readonly changes: readonly Change[];
  readonly warnings?: ComponentChildren;
};

export type Prepared = Ready | { readonly faults: readonly FieldFault[] };

/** A task of a person in the workspace: a form, and the commands that it becomes. */
export type Task = {
  readonly title: TextKey;
  /** The path of the form, which also takes it. */
  readonly action: string;
  readonly programme: ProgrammeView;
  readonly crumbs: readonly Crumb[];
  readonly asked: readonly FormField[];
  /** What the form is about, above its fields. */
  readonly about?: ComponentChildren;
  /** The form's page, if it is not one field below another. */
  readonly form?: (typed: FormFields, faults: readonly FieldFault[], canSend: boolean) => ComponentChildren;
  /** Whether the form's page has nothing to fill in. */
  readonly isEmpty?: boolean;
  prepare(typed: FormFields, commandId: string): Prepared | Promise<Prepared>;
};

/**
 * The steps from a form to a receipt: fill in, check, record. The check is a dry run and makes the command's id, which the next step sends along; so a form
 * that is sent twice is recorded once.
 */
@Injectable()
export class CommandSteps {
  constructor(
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
    @Inject(commandSenderToken) private readonly sender: CommandSender | undefined,
  ) {}

  get canSend(): boolean {
    return this.sender !== undefined;
  }

  /** The form as it begins, or with what its sender filled in before the session ended. */
  begin(own: OwnPage, task: Task, initially: FormFields): string {
    if (!own.unsent) return this.fillIn(own, task, initially);
    const alert = (
      <p class="ds-alert" data-color="info" role="status">
        {own.say('formKept')}
      </p>
    );
    return this.formPage(own, task, [alert, this.formOf(own, task, own.unsent)], 'edit');
  }

  /** The form. */
  private fillIn(own: OwnPage, task: Task, typed: FormFields, faults: readonly FieldFault[] = []): string {
    const isFaulty = faults.length > 0;
    return this.formPage(own, task, this.formOf(own, task, typed, faults), isFaulty ? 'faults' : 'edit', isFaulty ? 400 : 200);
  }

  private formOf(own: OwnPage, task: Task, typed: FormFields, faults: readonly FieldFault[] = []): ComponentChildren {
    return (
      task.form?.(typed, faults, this.canSend) ?? (
        <CommandFormPage {...task} typed={typed} faults={faults} session={own.session} canSend={this.canSend}>
          {task.about}
        </CommandFormPage>
      )
    );
  }

  /** Takes the form at the step that its button names. */
  async take(own: OwnPage, task: Task, form: FormFields): Promise<string> {
    const shown = shownSteps.find((one) => one === form.text(againField));
    if (shown && this.sender) return this.again(own, task, form, shown, this.sender);
    const step = form.text(stepField);
    if (step === 'edit' || !this.sender) return this.fillIn(own, task, form);
    if (step === anotherPaper) return this.fillIn(own, task, withOneMorePaper(task.asked, form));
    const key = form.text(keyField);
    const records = step === 'record' && isId(key);
    const commandId = records ? key : this.dependencies.newCommandId();
    const ready = await task.prepare(form, commandId);
    if ('faults' in ready) return this.fillIn(own, task, form, ready.faults);
    own.chargeCommands(ready.lines.length);
    return records ? this.record(own, task, ready, commandId, this.sender) : this.check(own, task, ready, commandId, this.sender);
  }

  /** The same page again, in the language that its address names now. Nothing is recorded, and a check keeps its command's id. */
  private async again(own: OwnPage, task: Task, form: FormFields, shown: ShownStep, sender: CommandSender): Promise<string> {
    if (shown === 'edit') return this.fillIn(own, task, form);
    const key = form.text(keyField);
    const commandId = isId(key) ? key : this.dependencies.newCommandId();
    const ready = await task.prepare(form, commandId);
    if ('faults' in ready) return this.fillIn(own, task, form, ready.faults);
    if (shown === 'faults') return this.fillIn(own, task, form);
    if (shown === 'unknown') return this.checked(own, task, ready, commandId, { status: 503 });
    own.chargeCommands(ready.lines.length);
    return this.check(own, task, ready, commandId, sender);
  }

  private async check(own: OwnPage, task: Task, ready: Ready, commandId: string, sender: CommandSender): Promise<string> {
    let decision: Decision;
    try {
      decision = await sender.send(task.programme.programme, ready.lines, own.session, { dryRun: true });
    } catch (error) {
      if (problemOf(error).problem.status !== 503) throw error;
      return this.notChecked(own, task, ready.typed);
    }
    return this.checked(own, task, ready, commandId, { decision });
  }

  /** The form again, with what was typed: it could not be checked. */
  private notChecked(own: OwnPage, task: Task, typed: FormFields): string {
    const alert = (
      <p class="ds-alert" data-color="danger" role="alert">
        {own.say('checkUnavailable')}
      </p>
    );
    return this.formPage(own, task, [alert, this.formOf(own, task, typed)], 'edit', 503);
  }

  private async record(own: OwnPage, task: Task, ready: Ready, commandId: string, sender: CommandSender): Promise<string> {
    const { programme } = task.programme;
    let decision: Decision;
    try {
      decision = await sender.send(programme, ready.lines, own.session, { dryRun: false });
    } catch (error) {
      // Any failure on the way leaves the outcome unknown; the same form asks for it again.
      if (problemOf(error).problem.status < 500) throw error;
      this.dependencies.logger.warn({ error, programme }, 'a form was sent, and its outcome is not known');
      return this.checked(own, task, ready, commandId, { status: 503 });
    }
    if (decision.kind === 'refused') return this.checked(own, task, ready, commandId, { decision, status: 409 });
    const { answers } = decision;
    // Not a repeat of the same form, which has its own receipt, but the same content from another one.
    if (answers.every(({ status, waitedBefore }) => status === 200 || waitedBefore))
      return this.page(own, task, <NothingNew answers={answers} />);
    const position = Math.max(...answers.map((answer) => answer.position ?? 0));
    return own.goTo(`/workspace/p/${programme}/receipts/${commandId}`, { position: String(position), count: String(answers.length) });
  }

  private checked(
    own: OwnPage,
    task: Task,
    { typed, shown, changes, warnings }: Ready,
    commandId: string,
    { decision, status = 200 }: { decision?: Decision; status?: number },
  ): string {
    const refused = decision?.kind === 'refused' ? decision.answer : undefined;
    const waits = decision?.kind === 'accepted' && decision.answers.some(({ requestId }) => requestId !== undefined);
    const page = {
      waits,
      title: task.title,
      action: task.action,
      typed,
      shown,
      changes,
      warnings,
      commandId,
      refused,
      session: own.session,
    };
    return this.page(own, task, <Check {...page} unknown={!decision} />, status, decision ? 'check' : 'unknown');
  }

  private formPage(own: OwnPage, task: Task, content: ComponentChildren, step: ShownStep, status = 200): string {
    return this.page(own, task, content, status, this.canSend && !task.isEmpty ? step : undefined);
  }

  private page(own: OwnPage, { title, crumbs, programme }: Task, content: ComponentChildren, status = 200, step?: ShownStep): string {
    const inCurrency = <InCurrency value={currencyOf(programme)}>{content}</InCurrency>;
    return own.html(own.say(title), crumbs, inCurrency, status, step && formKept(step));
  }
}

/** The ids of the commands of one form: its own if it is one command, else numbered. */
export function commandIdsOf(commandId: string, count: number): string[] {
  return count === 1 ? [commandId] : Array.from({ length: count }, (_, index) => `${commandId}-${index + 1}`);
}
