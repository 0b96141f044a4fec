/** From the parts of a source and of papers to what a command says of them. Parts that are left empty are left out. */
import type { FormFields } from '../form-fields.js';
import type { FormField } from './command-forms.js';
import { groupsOf, lastPartOf } from './composite-fields.js';

/** Takes note of a part that is needed and missing, by its name. */
type Missing = (part: string) => void;
type Said = Readonly<Record<string, string>>;

/** The source of money that a form names; `undefined` if it names none. */
export function sourceIn(field: FormField, fields: FormFields, missing: Missing): Said | undefined {
  const [group] = groupsOf(field, fields);
  return group && saidIn(group.parts, fields, [`${field.name}.kind`], missing);
}

/** The papers that a form names, each with its place in the form, counted from 0. */
export function papersIn(field: FormField, fields: FormFields, missing: Missing): { readonly place: number; readonly paper: Said }[] {
  return groupsOf(field, fields).flatMap(({ parts }, place) => {
    const needed = parts.filter(({ optional }) => !optional).map(({ name }) => name);
    const paper = saidIn(parts, fields, needed, missing);
    return paper ? [{ place, paper }] : [];
  });
}

/** What the parts of a group say. A group with any part filled in may lack a needed part. */
function saidIn(parts: readonly FormField[], fields: FormFields, needed: readonly string[], missing: Missing): Said | undefined {
  const said = parts.flatMap(({ name, kind }) => {
    const text = fields.text(name);
    return text === '' ? [] : [[lastPartOf(name), textOf(kind, text)] as const];
  });
  if (said.length === 0) return undefined;
  for (const name of needed) if (fields.text(name) === '') missing(name);
  return Object.fromEntries(said);
}

/** An address with letters of any script, and a digest as programs print it, are as good as the form that the ledger keeps. */
function textOf(kind: FormField['kind'], text: string): string {
  if (kind === 'digest') return text.replaceAll(/\s/g, '').toLowerCase();
  return kind === 'url' && /[^\u0021-\u007e]/.test(text) && URL.canParse(text) ? new URL(text).href : text;
}
