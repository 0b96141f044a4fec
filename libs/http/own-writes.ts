import { LRUCache } from 'lru-cache';
import type { Outcome } from '../command-processing/outcome.js';
import type { Actor } from '../domain/vocabulary.js';

/** Senders that are remembered, and programmes of each: together some megabytes at most. */
const remembered = { senders: 10_000, programmes: 8 } as const;

/**
 * What senders were told that is recorded, so that what they read next shows it without their naming a position. Only a process that takes commands and
 * answers queries has anything to remember.
 */
export class OwnWrites {
  private readonly bySender = new LRUCache<string, Map<string, number>>({ max: remembered.senders });

  /** Notes an outcome that its sender is about to be told. */
  told(sender: Actor, programme: string, outcome: Outcome): void {
    const { position } = outcome.kind === 'accepted' ? outcome.receipt : outcome;
    if (position === undefined) return;
    const key = keyOf(sender);
    const positions = this.bySender.get(key) ?? new Map<string, number>();
    const before = positions.get(programme) ?? 0;
    // The one told last comes last, and the first goes where there are too many.
    positions.delete(programme);
    positions.set(programme, Math.max(before, position));
    const [oldest] = positions.keys();
    if (positions.size > remembered.programmes && oldest !== undefined) positions.delete(oldest);
    this.bySender.set(key, positions);
  }

  /** How far a reader is to be shown a programme: to the last position that it was told of. */
  in(programme: string, reader: Actor | undefined): number | undefined {
    return reader && this.bySender.get(keyOf(reader))?.get(programme);
  }

  /** The same of every programme. */
  of(reader: Actor | undefined): (readonly [programme: string, position: number])[] {
    return reader ? [...(this.bySender.get(keyOf(reader)) ?? [])] : [];
  }
}

const keyOf = ({ organisation, id }: Actor) => `${organisation}/${id}`;
