/** Fields that people fill in part by part: the source of money, and the papers that an entry stands on, one group of parts for each paper. */
import { mostReferences } from '../../../domain/papers/references.js';
import { paperNames } from '../../parts/paper-names.js';
import { sourceNames } from '../../parts/sources.js';
import type { FormFields } from '../form-fields.js';
import type { FormField } from './command-forms.js';

/** One group of parts, each with its name in the form. */
export type Group = {
  readonly parts: readonly FormField[];
  /** Which paper it is, counted from 1; absent if the field has one group only. */
  readonly number?: number;
};

const sourceParts: readonly FormField[] = [
  { name: 'kind', kind: 'choice', label: 'sourceKind', optional: true, choices: sourceNames },
  { name: 'party', kind: 'text', label: 'sourceParty', hint: 'sourcePartyHint', optional: true },
  { name: 'agreement', kind: 'text', label: 'sourceAgreement', optional: true },
];
const paperParts: readonly FormField[] = [
  { name: 'type', kind: 'choice', label: 'paperType', optional: false, choices: paperNames },
  { name: 'id', kind: 'text', label: 'paperNumber', hint: 'paperNumberHint', optional: false },
  { name: 'title', kind: 'text', label: 'titleField', optional: true },
  { name: 'url', kind: 'url', label: 'paperUrl', hint: 'paperUrlHint', optional: true },
  { name: 'sha256', kind: 'digest', label: 'paperDigestField', hint: 'paperDigestHint', optional: true },
];

/** The groups of a field in a form; none of a field that is filled in at once, and none of papers before one is added. */
export function groupsOf({ name, kind }: FormField, typed: FormFields): readonly Group[] {
  if (kind === 'source') return [{ parts: named(sourceParts, name) }];
  if (kind !== 'papers') return [];
  return Array.from({ length: papersIn(name, typed) }, (_, index) => ({ parts: named(paperParts, `${name}.${index}`), number: index + 1 }));
}

function named(parts: readonly FormField[], of: string): FormField[] {
  return parts.map((part) => ({ ...part, name: `${of}.${part.name}` }));
}

/** The last part of a part's name, such as `url` of `references.0.url`. */
export function lastPartOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** How many papers a form asks for. */
function papersIn(name: string, typed: FormFields): number {
  const rows = typed.entries().flatMap(([field]) => (field.startsWith(`${name}.`) ? [Number(field.split('.')[1]) + 1] : []));
  return Math.min(mostReferences, Math.max(0, ...rows.filter(Number.isSafeInteger)));
}

/** The field of the papers if the form can take one more. */
export function papersToAdd(asked: readonly FormField[], typed: FormFields): FormField | undefined {
  const field = asked.find(({ kind }) => kind === 'papers');
  return field && papersIn(field.name, typed) < mostReferences ? field : undefined;
}

/** The form with the parts of one more paper. */
export function withOneMorePaper(asked: readonly FormField[], typed: FormFields): FormFields {
  const field = papersToAdd(asked, typed);
  return field ? typed.with({ [`${field.name}.${papersIn(field.name, typed)}.type`]: '' }) : typed;
}

/** The part that a fault is of, with the number of its paper; `undefined` if no field has such a part. */
export function partNamed(asked: readonly FormField[], name: string, typed: FormFields): { part: FormField; number?: number } | undefined {
  for (const field of asked)
    for (const { parts, number } of groupsOf(field, typed)) {
      const part = parts.find((one) => one.name === name);
      if (part) return { part, ...(number !== undefined && { number }) };
    }
  return undefined;
}
