import type { Entry, Head, Offset } from './ports.js';
import { decodeRecord, hashOf, noHash, type LedgerRecord } from './record.js';

/** A fault in a chain of records: its place, and its description in words. */
export type ChainFault = { offset: Offset; programme: string | undefined; position: number | undefined; found: string };

/** A record that continues the chain, with the hash of its bytes. */
export type Link = { record: LedgerRecord; hash: string };
export type ChainOptions = {
  /** Each programme's head so far, updated with every record; none if absent, as for an empty log. */
  heads?: Map<string, Head>;
  /** Accept each programme's first record unchecked, because only the end of a log is read. */
  midway?: boolean;
};

/** Checks records in the order of the log: each continues its programme's previous record, and its own fields agree with the log's metadata. */
export class Chain {
  readonly heads: Map<string, Head>;
  private readonly midway: boolean;

  constructor({ heads = new Map(), midway = false }: ChainOptions = {}) {
    this.heads = heads;
    this.midway = midway;
  }

  /** @returns the record and its hash, or its fault */
  follow(entry: Entry): Link | ChainFault {
    const fault = (found: string): ChainFault => ({ offset: entry.offset, programme: entry.programme, position: entry.position, found });
    let record: LedgerRecord;
    try {
      record = decodeRecord(entry.bytes);
    } catch (error) {
      return fault(error instanceof Error ? error.message : String(error));
    }
    if (record.programme !== entry.programme || record.position !== entry.position)
      return fault(`the record says it is position ${record.position} of ${record.programme}`);
    const head = this.heads.get(record.programme);
    const expected = (head?.position ?? 0) + 1;
    const trusted = this.midway && !head;
    if (!trusted && record.position !== expected) return fault(`position ${expected} is missing`);
    if (!trusted && record.previousHash !== (head?.hash ?? noHash))
      return fault('it does not name the hash of the record before: one of the two was changed');
    if (head && record.recordedAt < head.recordedAt) return fault(`it was recorded before the record before it (${head.recordedAt})`);
    const hash = hashOf(entry.bytes);
    this.heads.set(record.programme, { position: record.position, hash, recordedAt: record.recordedAt });
    return { record, hash };
  }
}

/** Whether {@link Chain.follow} found a fault. */
export function isFault(found: Link | ChainFault): found is ChainFault {
  return 'found' in found;
}
