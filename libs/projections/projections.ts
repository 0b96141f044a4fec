/** Every projection of the ledger. */
import type { CollectionSpec } from '../read-models/ports.js';
import { initiatives } from './initiatives/collection.js';
import type { Projection } from './projection.js';
import { records } from './records/collection.js';
import { totalsProjection } from './totals/fold-totals.js';

/** Projections that fold records together with their changes. A new projection joins this list. */
export const projections: readonly Projection[] = [totalsProjection];

/** The collections of a generation. Records come first: after an interrupted save, their changes are read from their documents. */
export const collections: readonly CollectionSpec[] = [records, initiatives, ...projections.flatMap((one) => one.collections)];

/** The collections whose documents later batches update; the document of a record is written once. */
export const foldedOn: ReadonlySet<string> = new Set(collections.filter((one) => one !== records).map(({ name }) => name));
