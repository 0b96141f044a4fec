/** Caches are behind the log they were folded from. One that is not tells of a log that was shortened, or replaced by another. */
import { LogDiverged, start, type Entry, type EventLog, type Head, type Heads, type Offset } from './ports.js';
import { hashOf } from './record.js';

/** How far something was folded from the log, and the hash it knows a record by. */
export type Folded = {
  /** What it is, for messages. */
  what: string;
  offset: Offset;
  heads: Heads;
  /** `undefined` if it does not know the record. */
  hashAt(programme: string, position: number): Promise<string | undefined> | string | undefined;
};

/** The entry at an offset, `undefined` where there is none. */
export async function entryAt(log: EventLog, partition: number, offset: Offset): Promise<Entry | undefined> {
  // Kafka refuses to read from before its beginning and from beyond its end, as if records had been removed.
  if (offset === start || offset > (await log.end(partition))) return undefined;
  for await (const [entry] of log.read(partition, offset - 1)) return entry?.offset === offset ? entry : undefined;
  return undefined;
}

/** How the log contradicts what was folded from it, `undefined` if it holds the very record, or an answer, that the fold ended at. */
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

/** The hashes of heads, as a fold that ended at one of them knows them. */
export function hashIn(heads: Heads): Folded['hashAt'] {
  return (programme, position) => {
    const head = heads.get(programme);
    // Another position than that of the head there is another record.
    return head?.position === position ? head.hash : '';
  };
}

/** The programme that was recorded last, and its head. */
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
