/** Every projection of the ledger. */
import type { CollectionSpec } from '../read-models/ports.js';
import { deliveryProjection } from './delivery/fold.js';
import { entries } from './entries/collection.js';
import { initiatives } from './initiatives/collection.js';
import type { Projection } from './projection.js';
import { records } from './records/collection.js';
import { requestsProjection } from './requests/fold.js';
import { totalsProjection } from './totals/fold-totals.js';

/** Projections that fold records together with their changes. A new projection joins this list. */
export const projections: readonly Projection[] = [totalsProjection, requestsProjection, deliveryProjection];

/** The collections of a generation. Records come first: after an interrupted save, their changes are read from their documents. */
export const collections: readonly CollectionSpec[] = [records, entries, initiatives, ...projections.flatMap((one) => one.collections)];

/** The collections whose documents later batches update; those of records and entries are written once. */
export const foldedOn: ReadonlySet<string> = new Set(collections.filter((one) => !one.writtenOnce).map(({ name }) => name));
