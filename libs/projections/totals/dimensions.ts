/** The dimensions of totals, beside the programme as a whole. */
import type { InitiativeTerms } from '../../domain/lifecycle/commands.js';

/** The terms that decide which groups an initiative belongs to. */
type GroupingTerms = Readonly<Partial<Pick<InitiativeTerms, 'authority' | 'region' | 'sector'>>>;

/**
 * Each dimension with the function that derives an initiative's value from its terms. The sums and counts of an initiative belong to one group per
 * dimension, and move to another group when the value changes. An initiative without a value belongs to no group of the dimension. A new dimension is one
 * line here, and its terms in {@link GroupingTerms}.
 */
export const dimensions = {
  authority: ({ authority }) => authority,
  region: ({ region }) => region,
  sector: ({ sector }) => sector,
} as const satisfies Readonly<Record<string, (terms: GroupingTerms) => string | undefined>>;

export type Dimension = keyof typeof dimensions;
export const dimensionNames: readonly Dimension[] = Object.keys(dimensions).filter((name): name is Dimension => name in dimensions);

/**
 * What totals are grouped by: the dimensions of initiatives, and the source of the money. A source has only what was appropriated and funded out of it, by
 * the events that name it; money without a named source is in none of its groups.
 */
export type Grouping = Dimension | 'source';
export const groupings: readonly Grouping[] = [...dimensionNames, 'source'];

/** The initiatives of a programme that share one value of a dimension, or the money of one source. */
export type GroupOfDimension = `${Grouping}/${string}`;
/** Whether terms name a value of any dimension, so that they may move an initiative to another group. */
export function nameGroups(terms: GroupingTerms): boolean {
  return dimensionNames.some((dimension) => dimensions[dimension](terms) !== undefined);
}
/** The group of a dimension that terms name, if any. */
export function groupOf(dimension: Dimension, terms: GroupingTerms): GroupOfDimension | undefined {
  const value = dimensions[dimension](terms);
  return value === undefined ? undefined : `${dimension}/${value}`;
}

/** The whole programme, or a group of its initiatives. Each has its totals. */
export type Group = 'programme' | GroupOfDimension;

export function isOfDimension(group: Group): group is GroupOfDimension {
  return group !== 'programme';
}
/** Whether a group belongs to this dimension. */
export function isIn(dimension: Grouping, group: Group): group is GroupOfDimension {
  return group.startsWith(`${dimension}/`);
}
/** The dimension of a group, and its value. */
export function dimensionOf(group: GroupOfDimension): { dimension: string; value: string } {
  const slash = group.indexOf('/');
  return { dimension: group.slice(0, slash), value: group.slice(slash + 1) };
}
