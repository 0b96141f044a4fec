/** The figures that can be explained: of a programme, of a group of its initiatives, of the money of a source, and of an initiative. */
import type { EventType } from '../../domain/events.js';
import type { FiscalYear, IsoDate } from '../../domain/vocabulary.js';
import { free, kept, unspent, unused, type Amount, type Formula } from '../totals/formulas.js';
import { groupings, isIn, type Group } from '../totals/dimensions.js';

/** The owner of a figure: the programme as a whole, a group, or an initiative. */
export type Owner = Group | `initiative/${string}`;

/** How a figure is made: a formula over all fiscal years or over those that are open or closed, and from all events or from those of one type. */
export type Figure = { readonly formula: Formula; readonly years?: 'open' | 'closed'; readonly type?: EventType };

const amount = (name: Amount): Figure => ({ formula: { [name]: 1n } });
const movements = {
  funded: amount('funded'),
  spent: amount('spent'),
  returned: amount('returned'),
  committed: amount('committed'),
  free: { formula: free },
  unspent: { formula: unspent },
} as const satisfies Readonly<Record<string, Figure>>;

/** The figures of each kind of owner, in the words of the documents. An absorption is a share; its two sides are figures of their own. */
export const figuresOf = {
  programme: {
    appropriated: amount('appropriated'),
    ...movements,
    available: { formula: unused, years: 'open' },
    lapsed: { formula: unused, years: 'closed' },
    'absorption-numerator': amount('spent'),
    'absorption-denominator': amount('appropriated'),
  },
  initiative: {
    ...movements,
    available: { formula: unspent },
    transferred: { formula: { funded: 1n }, type: 'FundingTransferred' },
    'absorption-numerator': amount('spent'),
    'absorption-denominator': { formula: kept },
  },
  group: { ...movements, available: { formula: unspent } },
  source: { appropriated: amount('appropriated'), funded: amount('funded') },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Figure>>>>;

export type OwnerKind = keyof typeof figuresOf;
/** The name of a figure of some owner. */
export type FigureName = { [K in OwnerKind]: keyof (typeof figuresOf)[K] }[OwnerKind];
/** Every name, in the order in which lists show them. */
export const figureNames: readonly FigureName[] = [
  'appropriated',
  'funded',
  'transferred',
  'spent',
  'returned',
  'committed',
  'free',
  'unspent',
  'available',
  'lapsed',
  'absorption-numerator',
  'absorption-denominator',
];

/** One figure: its name, its owner, and the fiscal year and the days that it counts, all if absent. */
export type FigureAsked = {
  readonly figure: FigureName;
  readonly owner: Owner;
  readonly fiscalYear?: FiscalYear;
  /** Only what was dated on or after this day: the figure of a period. */
  readonly occurredAfter?: IsoDate;
};

/** The kind of an owner. */
export function kindOfOwner(owner: Owner): OwnerKind {
  if (owner === 'programme') return 'programme';
  if (isInitiative(owner)) return 'initiative';
  return isIn('source', owner) ? 'source' : 'group';
}
export function isInitiative(owner: Owner): owner is `initiative/${string}` {
  return owner.startsWith('initiative/');
}
/** The value in an owner's name: an initiative's code, or the value of a group. */
export function valueOfOwner(owner: Exclude<Owner, 'programme'>): string {
  return owner.slice(owner.indexOf('/') + 1);
}

/** A figure of an owner; `undefined` if such an owner has no such figure. */
export function figureOf({ figure, owner }: Pick<FigureAsked, 'figure' | 'owner'>): Figure | undefined {
  const all: Readonly<Partial<Record<string, Figure>>> = figuresOf[kindOfOwner(owner)];
  return Object.hasOwn(all, figure) ? all[figure] : undefined;
}
/** The names of the figures that an owner has. */
export function namesOfFigures(owner: Owner): readonly FigureName[] {
  return figureNames.filter((figure) => figureOf({ figure, owner }) !== undefined);
}

/** The words that name an owner in questions, beside none for the programme as a whole. */
export const ownerNames = ['initiative', ...groupings] as const;
export type OwnerName = (typeof ownerNames)[number];
/** The owner that a question names. */
export function ownerNamed(name: OwnerName, value: string): Owner {
  return `${name}/${value}`;
}
