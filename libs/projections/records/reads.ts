/** Reads of records. */
import { Chain, isFault } from '../../event-log/chain.js';
import { start } from '../../event-log/ports.js';
import type { LedgerRecord } from '../../event-log/record.js';
import { contentOf } from '../collection.js';
import type { Source } from '../source.js';
import { commandKey, recordKey, records as recordDocuments } from './collection.js';
import { recordIn } from './recorded.js';

/** A programme's latest position and the hash of the record there, as published. */
export type HeadView = { programme: string; position: number; hash: string; recordedAt: string };

/** Limits of one answer in records and in characters. Records are read in small groups, because one may be long. */
const recordsAtOnce = { most: 500, characters: 256 * 1_024, read: 50 } as const;

/** Lines of a programme's records, the position of the last of them, and the last position of the whole range asked for. */
export type RecordLines = { lines: string; last: number; end: number };

/** The head of every programme. */
export async function heads(source: Source): Promise<HeadView[]> {
  const heads = await source.models.heads(await source.generation());
  return [...heads].map(([programme, head]) => ({ programme, ...head })).sort((one, other) => (one.programme < other.programme ? -1 : 1));
}

/**
 * The exact text of a programme's records after a position, one per line, up to `end` (if absent, the programme's last position at the call). No lines if
 * none is left; `undefined` if the programme is unknown. The hash chain is checked: each record must name the hash of the one before it.
 * @throws {Error} a record is missing or breaks the chain
 */
export async function records(source: Source, programme: string, after: number, end?: number): Promise<RecordLines | undefined> {
  const generation = await source.generation();
  const head = await source.models.head(generation, programme);
  if (!head) return undefined;
  const to = Math.min(end ?? head.position, head.position);
  const chain = new Chain({ midway: true });
  let [lines, last] = ['', after];
  // The record before the first gives the hash that the first must name.
  let from = Math.max(1, after);
  while (from <= to && last - after < recordsAtOnce.most && lines.length < recordsAtOnce.characters) {
    source.signal?.throwIfAborted();
    const until = Math.min(to, from + recordsAtOnce.read - 1);
    const keys = Array.from({ length: until - from + 1 }, (_, index) => recordKey(programme, from + index));
    for (const shown of await source.models.getAllShown(generation, recordDocuments.name, keys)) {
      const position = from++;
      const fault = shown ? faultIn(chain, programme, position, shown.text) : 'it is missing';
      if (fault !== undefined || !shown) throw new Error(`the read models hold no record ${position} of ${programme}: ${fault}`);
      if (position <= after) continue;
      lines += `${shown.text}\n`;
      last = position;
    }
  }
  return { lines, last, end: to };
}

/** The records of a command, however old, with their hashes. */
export async function recordsOf(
  source: Source,
  programme: string,
  organisation: string,
  commandId: string,
): Promise<{ record: LedgerRecord; hash: string }[] | undefined> {
  const generation = await source.generation();
  const first = await source.models.lookUp(generation, recordDocuments.name, 'command', commandKey(programme, organisation, commandId));
  if (!first) return undefined;
  const { count = 1 } = contentOf(recordDocuments, first).internal;
  const others = Array.from({ length: count - 1 }, (_, index) => recordKey(programme, first.position + index + 1));
  const found = [first, ...(await source.models.get(generation, recordDocuments.name, others))];
  return found.flatMap((document) =>
    document ? [{ record: recordIn(document), hash: contentOf(recordDocuments, document).internal.hash }] : [],
  );
}

function faultIn(chain: Chain, programme: string, position: number, text: string): string | undefined {
  const found = chain.follow({ offset: start, kind: 'record', programme, position, bytes: Buffer.from(text) });
  return isFault(found) ? found.found : undefined;
}
