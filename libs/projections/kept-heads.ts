/** Heads that somebody kept: what shows that a history was shortened, left out or written anew, hashes and all. */
import type { Entry } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import type { End } from './verify-history.js';

/** A programme's position and the hash (SHA-256, hex) of the record there, as published once. */
export type KeptHead = End & { programme: string };

/** Takes a log's entries and says which of the kept heads it does not hold. */
export class KeptHeads {
  private readonly found = new Map<string, string>();
  private readonly positions: ReadonlySet<string>;

  constructor(private readonly kept: readonly KeptHead[]) {
    this.positions = new Set(kept.map(textOf));
  }

  add({ kind, programme = '', position = 0, bytes }: Entry): void {
    if (kind === 'record' && this.positions.has(textOf({ programme, position })))
      this.found.set(textOf({ programme, position }), hashOf(bytes));
  }

  /** What is wrong, in words, once every entry was added. `heads` are where the histories end. */
  faults(heads: ReadonlyMap<string, End>): string[] {
    return this.kept.flatMap((head) => faultOf(head, this.found.get(textOf(head)), heads.get(head.programme)) ?? []);
  }
}

function textOf({ programme, position }: Pick<KeptHead, 'programme' | 'position'>): string {
  return `${programme}/${position}`;
}

function faultOf({ programme, position, hash }: KeptHead, found: string | undefined, end: End | undefined): string | undefined {
  if (found === hash) return undefined;
  if (found !== undefined)
    return `the record at position ${position} of ${programme} has the hash ${found}, and the head that was kept says ${hash}: one of the two histories is another`;
  if (!end) return `the programme ${programme} is missing altogether: a head that was kept says it had ${position} records`;
  return `the history of ${programme} ends at position ${end.position}, and a head that was kept says it had ${position} records: its end is missing`;
}
