import { usePage } from '../../page.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import { Money, Title } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import type { Shown } from '../pages/check.js';
import type { CommandLine } from '../sending/command-sender.js';
import type { FormFields } from '../form-fields.js';
import { titleLanguages, titlePart, type CommandForm, type FormField } from './command-forms.js';

/** What a form sends, field by field, as the check page shows it. */
export function shownOf(form: CommandForm, { data }: CommandLine, typed: FormFields): Shown[] {
  const amounts: ReadonlyMap<string, unknown> = new Map(Object.entries(data));
  return form.fields.flatMap((field) => {
    const { name, kind } = field;
    if (kind === 'title') return [{ name: field.label, value: <Titles field={field} typed={typed} /> }];
    const text = typed.text(name);
    if (text === '') return [];
    const amount = amounts.get(name);
    if ((kind === 'amount' || kind === 'change') && typeof amount === 'string')
      return [{ name: field.label, value: <Money amount={amount} /> }];
    const choice = field.choices?.[text];
    if (choice !== undefined) return [{ name: field.label, value: <Chosen name={choice} /> }];
    return [{ name: field.label, value: kind === 'day' ? <DayTyped on={text} /> : <bdi class="lines">{text}</bdi> }];
  });
}

function Chosen({ name }: { name: TextKey }) {
  return <>{usePage().speech.say(name)}</>;
}

/** The initiative that a form is about. */
export function initiativeShown({ title }: InitiativeView): Shown {
  return { name: 'initiative', value: <Title of={title} /> };
}

function DayTyped({ on }: { on: string }) {
  const { speech } = usePage();
  return <time dateTime={on}>{speech.day(on)}</time>;
}

function Titles({ field, typed }: { field: FormField; typed: FormFields }) {
  return (
    <>
      {titleLanguages
        .map((language) => ({ language, text: typed.text(titlePart(field.name, language)) }))
        .filter(({ text }) => text !== '')
        .map(({ language, text }) => (
          <div key={language} lang={language}>
            <bdi>{text}</bdi>
          </div>
        ))}
    </>
  );
}
