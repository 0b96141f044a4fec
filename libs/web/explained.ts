/** Figures that pages explain: their addresses, and their names in the reader's language. */
import {
  kindOfOwner,
  ownerNames,
  valueOfOwner,
  type FigureAsked,
  type FigureName,
  type OwnerName,
} from '../projections/explain/figures.js';
import type { MessageKey } from './messages/en.js';
import { isSource, sourceNames } from './parts/sources.js';
import type { Explained } from './parts/why.js';
import { sectorInWords } from './sectors.js';
import type { Speech } from './speech.js';

/** A figure as the address of its explanation names it. */
export function explainedOf({ figure, owner, fiscalYear, occurredAfter }: FigureAsked): Explained {
  const [name, value] = owner === 'programme' ? [] : [nameOfOwner(owner), valueOfOwner(owner)];
  return {
    figure,
    ...(name !== undefined && { [name]: value }),
    ...(fiscalYear !== undefined && { fiscalYear }),
    ...(occurredAfter !== undefined && { from: occurredAfter }),
  };
}
function nameOfOwner(owner: Exclude<FigureAsked['owner'], 'programme'>): OwnerName | undefined {
  return ownerNames.find((name) => owner.startsWith(`${name}/`));
}

const names: Readonly<Record<Exclude<FigureName, 'available' | 'absorption-denominator'>, MessageKey>> = {
  appropriated: 'appropriated',
  funded: 'funded',
  transferred: 'transferred',
  spent: 'spent',
  returned: 'returned',
  committed: 'committed',
  free: 'uncommitted',
  unspent: 'unspent',
  lapsed: 'lapsed',
  'absorption-numerator': 'spent',
};
/** The name of a figure, as the pages of its owner call it. */
export function messageOf({ figure, owner }: Pick<FigureAsked, 'figure' | 'owner'>): MessageKey {
  const isOfProgramme = kindOfOwner(owner) === 'programme';
  if (figure === 'available') return isOfProgramme ? 'available' : 'unspent';
  if (figure === 'absorption-denominator') return isOfProgramme ? 'appropriated' : 'keptFunding';
  return names[figure];
}

/** Whose figure it is, of which year and which days. @param name the owner's, if it has one beside its code */
export function scopeInWords(speech: Speech, { owner, fiscalYear, occurredAfter }: FigureAsked, name: string | undefined): string {
  const parts = [
    owner === 'programme' ? name : (name ?? ownerInWords(speech, owner)),
    fiscalYear === undefined ? undefined : speech.say('oneFiscalYear', { year: String(fiscalYear) }),
    occurredAfter === undefined ? undefined : speech.say('whyFrom', { day: speech.day(occurredAfter) }),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
function ownerInWords(speech: Speech, owner: Exclude<FigureAsked['owner'], 'programme'>): string {
  const value = valueOfOwner(owner);
  const name = nameOfOwner(owner);
  if (name === 'sector') return sectorInWords(speech, value);
  return name === 'source' && isSource(value) ? speech.say(sourceNames[value]) : value;
}
