import { usePage } from '../../page.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { MoneySource } from '../../../domain/papers/source.js';
import { isMoneySource, isPaper, Paper, sourceInWords } from '../../parts/entry-details.js';
import { Money, Title } from '../../parts/texts.js';
import type { Shown } from '../pages/check.js';
import type { CommandLine } from '../sending/command-sender.js';
import type { FormFields } from '../form-fields.js';
import { choiceText } from '../parts/fields.js';
import { titleLanguages, titlePart, type ChoiceName, type CommandForm, type FormField } from './command-forms.js';

/** What a form sends, field by field, as the check page shows it. */
export function shownOf(form: Pick<CommandForm, 'fields'>, { data, references = [] }: CommandLine, typed: FormFields): Shown[] {
  const read: ReadonlyMap<string, unknown> = new Map(Object.entries(data));
  return form.fields.flatMap((field) => {
    const { name, kind } = field;
    if (kind === 'title') return [{ name: field.label, value: <Titles field={field} typed={typed} /> }];
    if (kind === 'papers') return references.length === 0 ? [] : [{ name: field.label, value: <Papers papers={references} /> }];
    const value = read.get(name);
    if (kind === 'source') return isMoneySource(value) ? [{ name: field.label, value: <Origin source={value} /> }] : [];
    const text = typed.text(name);
    if (text === '') return [];
    if ((kind === 'amount' || kind === 'change') && typeof value === 'string')
      return [{ name: field.label, value: <Money amount={value} /> }];
    if (kind === 'decimal' && typeof value === 'string') return [{ name: field.label, value: <bdi>{value}</bdi> }];
    if (kind === 'targets' && Array.isArray(value)) return [{ name: field.label, value: <Targets targets={value} /> }];
    const choice = field.choices?.[text];
    if (choice !== undefined) return [{ name: field.label, value: <Chosen name={choice} /> }];
    return [{ name: field.label, value: kind === 'day' ? <DayTyped on={text} /> : <bdi class="lines">{text}</bdi> }];
  });
}

/** Targets as they were read, one a line. */
function Targets({ targets }: { targets: readonly unknown[] }) {
  const lines = targets.filter(isTarget).map(({ period, value }) => `${period}: ${value}`);
  return <bdi class="lines">{lines.join('\n')}</bdi>;
}
function isTarget(target: unknown): target is { period: string; value: string } {
  return typeof target === 'object' && target !== null && 'period' in target && 'value' in target;
}

function Chosen({ name }: { name: ChoiceName }) {
  return <>{choiceText(usePage().speech, name)}</>;
}

function Origin({ source }: { source: MoneySource }) {
  return <bdi>{sourceInWords(usePage().speech, source)}</bdi>;
}

function Papers({ papers }: { papers: readonly object[] }) {
  return (
    <ul class="plain">
      {papers.filter(isPaper).map((paper, index) => (
        <Paper key={index} reference={paper} />
      ))}
    </ul>
  );
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
