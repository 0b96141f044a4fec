import { canonicalText } from '../canonical-text.js';
import type { InitiativeTerms } from './commands.js';
import { refuse } from '../refusal.js';
import { mostLanguages, type TextChanges, type Texts } from '../vocabulary.js';

/** The names of all terms of an initiative. Each can be amended. */
const termNames = [
  'title',
  'authority',
  'authorityName',
  'requestedAmount',
  'plannedStart',
  'plannedEnd',
  'region',
  'sector',
] as const satisfies readonly (keyof InitiativeTerms)[];
export type TermName = (typeof termNames)[number];

/** Terms that a ministry proposes and only finance amends. */
export const termsOfFinance: readonly TermName[] = ['authority', 'authorityName', 'requestedAmount'];

/**
 * A title with its changes applied, by language.
 * @throws {Refusal} `title-languages` if no language, or more than {@link mostLanguages}, would be left
 */
export function mergedTitle(title: Texts, changes: TextChanges): Texts {
  const merged: Record<string, string> = {};
  for (const [language, text] of Object.entries({ ...title, ...changes })) if (text !== null) merged[language] = text;
  const count = Object.keys(merged).length;
  if (count === 0) refuse('title-languages', 'a title stays in one language at least; the command removes the last');
  if (count > mostLanguages)
    refuse('title-languages', `a title is in at most ${mostLanguages} languages; the command would make it ${count}`);
  return merged;
}

/** The names of the terms that an amendment would change. */
export function changedTerms(terms: Readonly<InitiativeTerms>, amendment: Readonly<Partial<InitiativeTerms>>): TermName[] {
  return termNames.filter((name) => amendment[name] !== undefined && canonicalText(amendment[name]) !== canonicalText(terms[name]));
}

/** The terms after an amendment. A name belongs to its authority: if the authority changes without a new name, the old name goes. */
export function amendedTerms(terms: Readonly<InitiativeTerms>, amendment: Readonly<Partial<InitiativeTerms>>): InitiativeTerms {
  const authority = amendment.authority ?? terms.authority;
  const authorityName = amendment.authorityName ?? (authority === terms.authority ? terms.authorityName : undefined);
  const requestedAmount = amendment.requestedAmount ?? terms.requestedAmount;
  const plannedStart = amendment.plannedStart ?? terms.plannedStart;
  const plannedEnd = amendment.plannedEnd ?? terms.plannedEnd;
  const region = amendment.region ?? terms.region;
  const sector = amendment.sector ?? terms.sector;
  return {
    title: amendment.title ?? terms.title,
    authority,
    ...(authorityName !== undefined && { authorityName }),
    ...(requestedAmount !== undefined && { requestedAmount }),
    ...(plannedStart !== undefined && { plannedStart }),
    ...(plannedEnd !== undefined && { plannedEnd }),
    ...(region !== undefined && { region }),
    ...(sector !== undefined && { sector }),
  };
}

/** @throws {Refusal} `period-out-of-order` if the planned end is before the planned start */
export function refusePeriodOutOfOrder({ plannedStart, plannedEnd }: Readonly<InitiativeTerms>): void {
  if (plannedStart !== undefined && plannedEnd !== undefined && plannedStart > plannedEnd)
    refuse('period-out-of-order', `the planned end ${plannedEnd} is before the planned start ${plannedStart}`);
}
