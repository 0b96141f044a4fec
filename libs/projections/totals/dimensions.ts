/** The dimensions of totals, beside the programme as a whole. */
import type { InitiativeTerms } from '../../domain/lifecycle/commands.js';

/**
 * Each dimension with the function that derives an initiative's value from its terms. The sums and counts of an initiative belong to one group per
 * dimension, and move to another group when the value changes. A new dimension is one line here.
 */
export const dimensions = {
  authority: ({ authority }) => authority,
} as const satisfies Readonly<Record<string, (terms: Readonly<Partial<InitiativeTerms>>) => string | undefined>>;

export type Dimension = keyof typeof dimensions;
export const dimensionNames: readonly Dimension[] = Object.keys(dimensions).filter((name): name is Dimension => name in dimensions);

/** The initiatives of a programme that share one value of a dimension. */
export type GroupOfDimension = `${Dimension}/${string}`;
/** The whole programme, or a group of its initiatives. Each has its totals. */
export type Group = 'programme' | GroupOfDimension;

export function isOfDimension(group: Group): group is GroupOfDimension {
  return group !== 'programme';
}
/** The dimension of a group, and its value. */
export function dimensionOf(group: GroupOfDimension): { dimension: string; value: string } {
  const slash = group.indexOf('/');
  return { dimension: group.slice(0, slash), value: group.slice(slash + 1) };
}
