import type { Entry, Head, Place } from './ports.js';
import { decodeRecord, hashOf, noHash, type LedgerRecord } from './record.js';

/** The first thing wrong with a chain of records: where, and what was found instead. */
export type ChainFault = { place: Place; programme: string | undefined; position: number | undefined; found: string };

/** Checks records as they lie in the log: each follows its programme's record before, and says of itself what the log says of it. */
export class Chain {
  readonly heads = new Map<string, Head>();

  /** `midway` takes each programme's first record as it comes: only the end of a log is looked at. */
  constructor(private readonly midway = false) {}

  /** The record, or what is wrong with it. */
  follow(entry: Entry): LedgerRecord | ChainFault {
    const fault = (found: string): ChainFault => ({ place: entry.place, programme: entry.programme, position: entry.position, found });
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
    this.heads.set(record.programme, { position: record.position, hash: hashOf(entry.bytes), recordedAt: record.recordedAt });
    return record;
  }
}

/** Whether following found a fault. */
export function isFault(found: LedgerRecord | ChainFault): found is ChainFault {
  return 'found' in found;
}
