/** A cache is never ahead of the log it was folded from. One that is ahead reveals that the log was shortened or replaced. */
import { LogDiverged, start, type Entry, type EventLog, type Head, type Heads, type Offset } from './ports.js';
import { hashOf } from './record.js';

/** A cache: how far it was folded from the log, and the hashes of records that it knows. */
export type Folded = {
  /** Its name in messages. */
  what: string;
  offset: Offset;
  heads: Heads;
  /** `undefined` if it does not know the record. */
  hashAt(programme: string, position: number): Promise<string | undefined> | string | undefined;
};

/** The entry at an offset, `undefined` if there is none. */
export async function entryAt(log: EventLog, partition: number, offset: Offset): Promise<Entry | undefined> {
  // Kafka refuses to read before its beginning or beyond its end, just as if records had been removed.
  if (offset === start || offset > (await log.end(partition))) return undefined;
  for await (const [entry] of log.read(partition, offset - 1)) return entry?.offset === offset ? entry : undefined;
  return undefined;
}

/** How the log contradicts a cache, `undefined` if the entry that the cache was folded to is there: the same record, or an outcome entry. */
export async function contradiction(log: EventLog, partition: number, folded: Folded): Promise<LogDiverged | undefined> {
  const { what, offset, heads } = folded;
  if (offset === start) return undefined;
  const entry = await entryAt(log, partition, offset);
  if (entry?.kind === 'outcome') return undefined;
  if (entry) {
    const known = await folded.hashAt(entry.programme ?? '', entry.position ?? 0);
    if (known === undefined || known === hashOf(entry.bytes)) return undefined;
  }
  const [programme, head] = newestOf(heads);
  if (!head) return new LogDiverged(offset, `${what}: folded to offset ${offset} of the log, which does not hold the record there`);
  const found = await foundInLog(log, partition, programme, head);
  return new LogDiverged(offset, `${what}: folded to position ${head.position} of ${programme} (hash ${head.hash}); the log ${found}`);
}

/** Looks hashes up among the heads of a fold that ended at one of them. */
export function hashIn(heads: Heads): Folded['hashAt'] {
  return (programme, position) => {
    const head = heads.get(programme);
    // At any other position than the head's, the log holds another record than the fold ended at: no hash matches.
    return head?.position === position ? head.hash : '';
  };
}

/** The programme with the latest record, and its head. */
function newestOf(heads: Heads): [string, Head | undefined] {
  let newest: [string, Head | undefined] = ['', undefined];
  for (const [programme, head] of heads) if (head.recordedAt >= (newest[1]?.recordedAt ?? '')) newest = [programme, head];
  return newest;
}

async function foundInLog(log: EventLog, partition: number, programme: string, head: Head): Promise<string> {
  let [last, lastHash] = [0, ''];
  for await (const entries of log.read(partition, start))
    for (const { kind, position = 0, bytes, ...entry } of entries) {
      if (kind !== 'record' || entry.programme !== programme) continue;
      [last, lastHash] = [position, hashOf(bytes)];
      if (position === head.position) return `has hash ${lastHash} there`;
    }
  return last === 0 ? `holds no record of ${programme}` : `ends at position ${last} of it (hash ${lastHash})`;
}
