/** What totals are kept by, beside the programme as a whole. */
import type { InitiativeTerms } from '../../domain/lifecycle/commands.js';

/**
 * The dimensions, each with the value that an initiative has of it by what is said of it. The sums and counts of an initiative belong to one group a
 * dimension, and move with it when the value changes. A line here is all that another dimension takes.
 */
export const dimensions = {
  authority: ({ authority }) => authority,
} as const satisfies Readonly<Record<string, (terms: Readonly<Partial<InitiativeTerms>>) => string | undefined>>;

export type Dimension = keyof typeof dimensions;
export const dimensionNames: readonly Dimension[] = Object.keys(dimensions).filter((name): name is Dimension => name in dimensions);

/** The initiatives of a programme that have one value of a dimension. */
export type GroupOfDimension = `${Dimension}/${string}`;
/** What totals are kept of: the whole programme, or a group of its initiatives. */
export type Group = 'programme' | GroupOfDimension;

export function isOfDimension(group: Group): group is GroupOfDimension {
  return group !== 'programme';
}
/** The dimension of a group, and its value. */
export function dimensionOf(group: GroupOfDimension): { dimension: string; value: string } {
  const slash = group.indexOf('/');
  return { dimension: group.slice(0, slash), value: group.slice(slash + 1) };
}
