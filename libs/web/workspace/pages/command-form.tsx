import type { ComponentChildren } from 'preact';
import { useHref, usePage, type FormToKeep } from '../../page.js';
import type { TextKey } from '../../speech.js';
import type { FormField } from '../forms/command-forms.js';
import { groupsOf, papersToAdd } from '../forms/composite-fields.js';
import type { FieldFault } from '../forms/read-form.js';
import type { FormFields } from '../form-fields.js';
import { FaultSummary, Field } from '../parts/fields.js';
import { FormToken } from '../parts/signed-in.js';
import type { Session } from '../session.js';

/** The names of the fields that every form of a command has beside its own. */
export const stepField = 'step';
export const keyField = 'command-id';
/** The id of the form that a page of a command has. */
export const formId = 'form';
/** The field that has a form shown again in another language, as the page has it. */
export const againField = 'again';
/** What a page of a command has: the form to fill in, maybe with its faults; its check; or a check whose outcome nobody knows yet. */
export const shownSteps = ['edit', 'faults', 'check', 'unknown'] as const;
export type ShownStep = (typeof shownSteps)[number];

/** How a change of language keeps the form of a page that has `step`. */
export function formKept(step: ShownStep): FormToKeep {
  const enter = step === 'edit' || step === 'faults' ? { name: stepField, value: 'check', says: 'check' as const } : undefined;
  return { id: formId, again: { name: againField, value: step }, ...(enter && { enter }) };
}

/** The step that adds the parts of a paper to the form. */
export const anotherPaper = 'paper';

/** A form to fill in. Its button leads to the page that shows what would happen; nothing is recorded before. */
export function CommandFormPage({
  title,
  asked,
  typed,
  faults,
  action,
  session,
  canSend,
  children,
}: {
  title: TextKey;
  asked: readonly FormField[];
  typed: FormFields;
  faults: readonly FieldFault[];
  /** The path that takes the form. */
  action: string;
  session: Session;
  /** Whether this process can send commands. */
  canSend: boolean;
  /** What the form is about. */
  children?: ComponentChildren;
}) {
  const { speech, query } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(title)}
      </h1>
      <FaultSummary asked={asked} faults={faults} typed={typed} />
      {children}
      {canSend ? (
        <form method="post" action={href(action, keptIn(query))} id={formId} class="form" novalidate>
          <FormToken session={session} />
          {asked.map((field) => (
            <Field key={field.name} field={field} typed={typed} faults={faults} />
          ))}
          <FormButtons asked={asked} typed={typed} action={href(action, keptIn(query))} />
        </form>
      ) : (
        <p class="ds-alert" data-color="warning">
          {speech.say('readOnly')}
        </p>
      )}
    </>
  );
}

/** The buttons of a form: check it, or add the parts of a paper, to which the browser then scrolls. The check comes first, for the Enter key. */
export function FormButtons({ asked, typed, action }: { asked: readonly FormField[]; typed: FormFields; action: string }) {
  const { speech } = usePage();
  const papers = papersToAdd(asked, typed);
  const more = papers && `${papers.name}-${groupsOf(papers, typed).length + 1}`;
  return (
    <>
      <p class="hint">{speech.say('checkHint')}</p>
      <div class="buttons">
        <button class="ds-button" type="submit" name={stepField} value="check">
          {speech.say('check')}
        </button>
        {more !== undefined && (
          <button
            class="ds-button"
            data-variant="secondary"
            type="submit"
            name={stepField}
            value={anotherPaper}
            formaction={`${action}#${more}`}
          >
            {speech.say('addPaper')}
          </button>
        )}
      </div>
    </>
  );
}

/** What an address says that the next step needs too: the page of a list. */
export function keptIn({ cursor }: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  return { cursor };
}
