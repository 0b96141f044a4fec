/** Questions about figures, from the words that name them: in an address, or on the command line. */
import { isIsoDate } from '../../domain/calendar.js';
import { sourceKinds } from '../../domain/papers/source.js';
import { codePattern, type FiscalYear, type IsoDate } from '../../domain/vocabulary.js';
import { longestValue } from '../initiatives/filters.js';
import {
  figureNames,
  figureOf,
  kindOfOwner,
  namesOfFigures,
  ownerNamed,
  ownerNames,
  type FigureAsked,
  type Owner,
  type OwnerName,
} from './figures.js';

/** The words of a question, and what is right for each. */
export const figureWords = ['figure', 'fiscalYear', ...ownerNames, 'occurredAfter'] as const;
export type FigureWord = (typeof figureWords)[number];
/** Makes the error for a word with a wrong value. */
type Wrong = (word: FigureWord, right: string) => Error;

/** The figure that words ask for; what the programme spent if none is named. @throws what `wrong` makes */
export function figureIn(sent: { readonly [W in FigureWord]?: string }, wrong: Wrong): FigureAsked {
  const owner = ownerIn(sent, wrong);
  const fiscalYear = yearIn(sent.fiscalYear, wrong);
  const occurredAfter = dayIn(sent.occurredAfter, wrong);
  const { figure: named = 'spent' } = sent;
  const figure = figureNames.find((name) => name === named);
  if (figure === undefined) throw wrong('figure', `one of ${figureNames.join(', ')}`);
  const found = figureOf({ figure, owner });
  if (!found) throw wrong('figure', `one of ${namesOfFigures(owner).join(', ')} for ${kindsInWords[kindOfOwner(owner)]}`);
  if (found.years !== undefined && occurredAfter !== undefined)
    throw wrong('occurredAfter', `absent beside ${figure}, which depends on the closing of years`);
  return { figure, owner, ...(fiscalYear !== undefined && { fiscalYear }), ...(occurredAfter !== undefined && { occurredAfter }) };
}

const kindsInWords = {
  programme: 'a programme as a whole',
  initiative: 'an initiative',
  group: 'an authority, a region or a sector',
  source: 'a source of money',
} as const;

function ownerIn(sent: { readonly [N in OwnerName]?: string }, wrong: Wrong): Owner {
  const named = ownerNames.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]] as const]));
  const [first, second] = named;
  if (first === undefined) return 'programme';
  if (second !== undefined) throw wrong(second[0], `absent beside ${first[0]}: a figure has one owner`);
  const [name, value] = first;
  const right = rightOwner[name];
  if (!right.holds(value)) throw wrong(name, right.says);
  return ownerNamed(name, value);
}

type Right = { holds: (text: string) => boolean; says: string };
const code: Right = { holds: (text) => codePattern.test(text), says: 'a code of 1 to 64 small letters, digits and hyphens' };
const text: Right = { holds: ({ length }) => length >= 1 && length <= longestValue, says: `a text of 1 to ${longestValue} characters` };
const rightOwner: { readonly [N in OwnerName]: Right } = {
  initiative: code,
  authority: code,
  region: text,
  sector: text,
  source: { holds: (value) => sourceKinds.some((kind) => kind === value), says: `one of ${sourceKinds.join(', ')}` },
};

function yearIn(year: string | undefined, wrong: Wrong): FiscalYear | undefined {
  if (year === undefined) return undefined;
  if (!/^[1-9]\d{3}$/.test(year)) throw wrong('fiscalYear', 'a year, such as 2024');
  return Number(year);
}
function dayIn(day: string | undefined, wrong: Wrong): IsoDate | undefined {
  if (day !== undefined && !isIsoDate(day)) throw wrong('occurredAfter', 'a day that exists, written YYYY-MM-DD');
  return day;
}
