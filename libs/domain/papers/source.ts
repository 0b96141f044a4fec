/** Where money comes from: the state's budget, a grant, a loan, or the authority's own income. */
export const sourceKinds = ['budget', 'grant', 'loan', 'own'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** The source of an appropriation or a funding: who gives the money, and under which agreement. */
export type MoneySource = { kind: SourceKind; party?: string; agreement?: string };

/** The kind of the source that an event's context or a movement names; absent if it has none. */
export type OfSource = { source?: SourceKind };
