/** Heads kept outside the ledger. They reveal a history that was shortened, left out, or rewritten with valid hashes. */
import type { Entry } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import type { End } from './verify-history.js';

/** A programme's position and the hash (SHA-256, hex) of the record there, as once published. */
export type KeptHead = End & { programme: string };

/** Takes a log's entries and finds the kept heads that the log does not hold. */
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

  /** The faults, in words, once every entry was added. `heads` are the ends of the histories. */
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
    return `the record at position ${position} of ${programme} has the hash ${found}, but a kept head says ${hash}: the two histories differ`;
  if (!end) return `the programme ${programme} is missing: a kept head says that it had ${position} records`;
  return `the history of ${programme} ends at position ${end.position}, but a kept head says that it had ${position} records: its end is missing`;
}
