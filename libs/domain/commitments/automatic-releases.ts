import type { EventOf } from '../events.js';
import type { Standing } from '../lifecycle/events.js';
import type { Initiative } from '../state.js';
import { oldestFirst } from './open.js';

/** `version` is that of the first release. */
type FirstRelease = Omit<EventOf<'CommitmentReleased'>, 'type' | 'data' | 'context'> & { readonly context: Standing };

/** The releases that the ledger itself makes at a cancellation: one event per open commitment, oldest first. */
export function automaticReleases(first: FirstRelease, initiative: Initiative): EventOf<'CommitmentReleased'>[] {
  return oldestFirst(initiative).map(({ id, fiscalYear, left }, index) => ({
    ...first,
    type: 'CommitmentReleased',
    version: first.version + index,
    data: { commitmentId: id, amount: left },
    context: { ...first.context, fiscalYear, automatic: true },
  }));
}
