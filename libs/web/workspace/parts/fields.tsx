import type { ComponentChildren } from 'preact';
import { nameOfLanguage } from '../../speech.js';
import { usePage } from '../../page.js';
import { titleLanguages, titlePart, type FieldKind, type FormField } from '../forms/command-forms.js';
import type { FieldFault } from '../forms/read-form.js';
import type { FormFields } from '../form-fields.js';

/** The first input of a field, which the summary of faults leads to. */
function inputOf({ name, kind }: FormField): string {
  return kind === 'title' ? titlePart(name, titleLanguages[0]) : name;
}

/** Every fault of a form above it, each with a way to its field. */
export function FaultSummary({ asked, faults }: { asked: readonly FormField[]; faults: readonly FieldFault[] }) {
  const { speech } = usePage();
  if (faults.length === 0) return null;
  return (
    <div class="ds-error-summary" role="alert" tabIndex={-1}>
      <h2 class="ds-heading" data-size="xs">
        {speech.say('faultsTitle', { count: faults.length })}
      </h2>
      <ul>
        {faults.map(({ field, says, values }) => {
          const of = asked.find(({ name }) => name === field);
          return (
            <li key={field}>
              <a href={`#${of ? inputOf(of) : field}`}>
                {of && `${speech.say(of.label)}: `}
                {speech.say(says, values)}
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A field with its label, its hint, what was typed, and what is wrong with it. */
export function Field({ field, typed, fault }: { field: FormField; typed: FormFields; fault: FieldFault | undefined }) {
  const { speech } = usePage();
  if (field.kind !== 'title') return <Input name={field.name} field={field} typed={typed.text(field.name)} fault={fault} />;
  return (
    <fieldset class="ds-fieldset">
      <legend class="ds-label">{speech.say(field.label)}</legend>
      {titleLanguages.map((language, index) => (
        <Input
          key={language}
          name={titlePart(field.name, language)}
          field={{ ...field, kind: 'text', optional: true }}
          label={<span lang={language}>{nameOfLanguage[language]}</span>}
          language={language}
          typed={typed.text(titlePart(field.name, language))}
          fault={index === 0 ? fault : undefined}
        />
      ))}
    </fieldset>
  );
}

function Input({
  name,
  field,
  typed,
  fault,
  label,
  language,
}: {
  name: string;
  field: FormField;
  typed: string;
  fault: FieldFault | undefined;
  label?: ComponentChildren;
  language?: string;
}) {
  const { speech } = usePage();
  const described = [field.hint && `${name}-hint`, fault && `${name}-fault`].filter((id) => id !== undefined).join(' ');
  const common = {
    class: 'ds-input',
    id: name,
    name,
    ...(language !== undefined && { lang: language }),
    ...(!field.optional && { required: true }),
    ...(fault && { 'aria-invalid': 'true' as const }),
    ...(described !== '' && { 'aria-describedby': described }),
  };
  return (
    <div class="ds-field">
      <label class="ds-label" for={name}>
        {label ?? speech.say(field.label)}
        {field.optional && label === undefined && <span class="optional"> ({speech.say('optional')})</span>}
      </label>
      {field.hint && (
        <div class="hint" id={`${name}-hint`}>
          {speech.say(field.hint)}
        </div>
      )}
      {(field.kind === 'lines' || field.kind === 'targets') && <textarea {...common} rows={3} value={typed} />}
      {field.kind === 'day' && <input {...common} type="date" value={typed} />}
      {field.kind === 'choice' && (
        <select {...common} value={typed}>
          {typed === '' && <option value="">–</option>}
          {Object.entries(field.choices ?? {}).map(([value, choice]) => (
            <option key={value} value={value} selected={value === typed}>
              {speech.say(choice)}
            </option>
          ))}
        </select>
      )}
      {isTyped(field.kind) && <input {...common} {...attributes[field.kind]} type="text" value={typed} />}
      {fault && (
        <p class="ds-validation-message" id={`${name}-fault`}>
          {speech.say(fault.says, fault.values)}
        </p>
      )}
    </div>
  );
}

type InputAttributes = { readonly inputMode?: 'decimal' | 'numeric'; readonly autocomplete?: 'off' };
/** The kinds of fields that have an input of one line. */
type TypedKind = Exclude<FieldKind, 'lines' | 'targets' | 'choice' | 'day'>;
function isTyped(kind: FieldKind): kind is TypedKind {
  return Object.hasOwn(attributes, kind);
}
const attributes: { readonly [K in TypedKind]: InputAttributes } = {
  text: {},
  title: {},
  amount: { inputMode: 'decimal', autocomplete: 'off' },
  change: { autocomplete: 'off' },
  year: { inputMode: 'numeric' },
  id: { autocomplete: 'off' },
  code: { autocomplete: 'off' },
  percent: { inputMode: 'numeric' },
  decimal: { inputMode: 'decimal', autocomplete: 'off' },
};
