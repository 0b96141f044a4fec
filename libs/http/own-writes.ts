import { LRUCache } from 'lru-cache';
import type { Outcome } from '../command-processing/outcome.js';
import type { Actor } from '../domain/vocabulary.js';

/** The most senders remembered, and the most programmes of each: a few megabytes together. */
const remembered = { senders: 10_000, programmes: 8 } as const;

/**
 * The positions of the records that senders were told of, so that their next reads include those records without naming a position. Only a process that
 * both takes commands, or passes them on, and answers queries has any to remember.
 */
export class OwnWrites {
  private readonly bySender = new LRUCache<string, Map<string, number>>({ max: remembered.senders });

  /** Notes the position of an outcome just before its sender gets it. */
  told(sender: Actor, programme: string, outcome: Outcome): void {
    const { position } = outcome.kind === 'accepted' ? outcome.receipt : outcome;
    if (position !== undefined) this.toldOf(sender, programme, position);
  }

  /** Notes a position of a programme that its sender is about to learn. */
  toldOf(sender: Actor, programme: string, position: number): void {
    const key = keyOf(sender);
    const positions = this.bySender.get(key) ?? new Map<string, number>();
    const before = positions.get(programme) ?? 0;
    // Keeps the order of use: the latest programme is last, and the first is dropped if there are too many.
    positions.delete(programme);
    positions.set(programme, Math.max(before, position));
    const [oldest] = positions.keys();
    if (positions.size > remembered.programmes && oldest !== undefined) positions.delete(oldest);
    this.bySender.set(key, positions);
  }

  /** The latest position of a programme that a reader was told of, and should see. */
  in(programme: string, reader: Actor | undefined): number | undefined {
    return reader && this.bySender.get(keyOf(reader))?.get(programme);
  }

  /** The latest position of every programme that a reader was told of. */
  of(reader: Actor | undefined): (readonly [programme: string, position: number])[] {
    return reader ? [...(this.bySender.get(keyOf(reader)) ?? [])] : [];
  }
}

const keyOf = ({ organisation, id }: Actor) => `${organisation}/${id}`;
