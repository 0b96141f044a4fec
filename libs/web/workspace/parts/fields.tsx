import type { ComponentChildren } from 'preact';
import { nameOfLanguage, type Speech } from '../../speech.js';
import { usePage } from '../../page.js';
import { titleLanguages, titlePart, type ChoiceName, type FieldKind, type FormField } from '../forms/command-forms.js';
import { groupsOf, partNamed, type Group } from '../forms/composite-fields.js';
import type { FieldFault } from '../forms/read-form.js';
import type { FormFields } from '../form-fields.js';

/** The first input of a field, which the summary of faults leads to. */
function inputOf({ name, kind }: FormField): string {
  if (kind === 'source') return `${name}.kind`;
  return kind === 'title' ? titlePart(name, titleLanguages[0]) : name;
}

/** Every fault of a form above it, each with a way to its field. */
export function FaultSummary({ asked, faults, typed }: { asked: readonly FormField[]; faults: readonly FieldFault[]; typed: FormFields }) {
  const { speech } = usePage();
  if (faults.length === 0) return null;
  return (
    <div class="ds-error-summary" role="alert" tabIndex={-1}>
      <h2 class="ds-heading" data-size="xs">
        {speech.say('faultsTitle', { count: faults.length })}
      </h2>
      <ul>
        {faults.map(({ field, says, values }) => {
          const named = partNamed(asked, field, typed);
          const of = named?.part ?? asked.find(({ name }) => name === field);
          return (
            <li key={field}>
              <a href={`#${of ? inputOf(of) : field}`}>
                {named?.number !== undefined && `${speech.say('paperNumbered', { number: named.number })}, `}
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
export function Field({ field, typed, faults }: { field: FormField; typed: FormFields; faults: readonly FieldFault[] }) {
  const { speech } = usePage();
  const fault = faults.find((one) => one.field === field.name);
  if (field.kind === 'source' || field.kind === 'papers')
    return (
      <>
        {groupsOf(field, typed).map((group) => (
          <Parts key={group.number ?? 0} {...{ field, group, typed, faults }} />
        ))}
      </>
    );
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

/** A field that is filled in part by part. */
function Parts({
  field,
  group: { parts, number },
  typed,
  faults,
}: {
  field: FormField;
  group: Group;
  typed: FormFields;
  faults: readonly FieldFault[];
}) {
  const { speech } = usePage();
  return (
    <fieldset class="ds-fieldset parts" id={number === undefined ? field.name : `${field.name}-${number}`}>
      <legend class="ds-label">
        {number === undefined ? speech.say(field.label) : speech.say('paperNumbered', { number })}
        <span class="optional"> ({speech.say('optional')})</span>
      </legend>
      {parts.map((part, index) => (
        <Input
          key={part.name}
          name={part.name}
          field={part}
          typed={typed.text(part.name)}
          fault={faults.find((one) => one.field === part.name || (index === 0 && one.field === field.name))}
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
              {choiceText(speech, choice)}
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

type InputAttributes = { readonly inputMode?: 'decimal' | 'numeric' | 'url'; readonly autocomplete?: 'off' };
/** The kinds of fields that have an input of one line. */
type TypedKind = Exclude<FieldKind, 'lines' | 'targets' | 'choice' | 'day' | 'source' | 'papers'>;
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
  url: { inputMode: 'url', autocomplete: 'off' },
  digest: { autocomplete: 'off' },
};

/** The name of a choice in the reader's language. */
export function choiceText(speech: Speech, choice: ChoiceName): string {
  return typeof choice === 'string' ? speech.say(choice) : choice[speech.language];
}
