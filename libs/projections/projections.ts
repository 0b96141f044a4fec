/** Every projection of the ledger. */
import type { CollectionSpec } from '../read-models/ports.js';
import { initiatives } from './initiatives/collection.js';
import type { Projection } from './projection.js';
import { records } from './records/collection.js';
import { totalsProjection } from './totals/fold-totals.js';

/** What folds records that say what they change. A new projection joins this list. */
export const projections: readonly Projection[] = [totalsProjection];

/** The collections of a generation. Records come first: what they change is read from them if a save was interrupted. */
export const collections: readonly CollectionSpec[] = [records, initiatives, ...projections.flatMap((one) => one.collections)];

/** The collections whose documents are folded on; a record's is written once. */
export const foldedOn: ReadonlySet<string> = new Set(collections.filter((one) => one !== records).map(({ name }) => name));
