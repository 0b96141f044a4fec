/** Records as read from the log, and as read from their documents. */
import { LogUnreadable, type CommandRef, type Entry, type Offset } from '../../event-log/ports.js';
import { decodeRecordText, hashOf, recordFrom, textOf, type EventRecord, type LedgerRecord } from '../../event-log/record.js';
import type { Document, ReadModels } from '../../read-models/ports.js';
import { records, streamOf } from './collection.js';
import { pagesOf } from '../pages.js';

/** A record with its text, hash and offset in the log. */
export type Recorded = { record: LedgerRecord; text: string; hash: string; offset: Offset; command: CommandRef | undefined };

/** Decodes the records among some entries. @throws {LogUnreadable} with the offset of a record that this version can't read */
export function recordsIn(entries: readonly Entry[]): Recorded[] {
  const found: Recorded[] = [];
  for (const { kind, bytes, offset, command } of entries) {
    if (kind === 'outcome') continue;
    try {
      const text = textOf(bytes);
      found.push({ record: decodeRecordText(text), text, hash: hashOf(bytes), offset, command });
    } catch (cause) {
      throw new LogUnreadable(offset, `the entry at offset ${offset} is not a record that this version can read`, { cause });
    }
  }
  return found;
}

/** The record in a document. It takes over the document's body. */
export function recordIn({ body }: Pick<Document, 'body'>): LedgerRecord {
  return recordFrom(body);
}

/**
 * The events of an initiative, or of a programme itself without those of its requests, in the order of their versions. @throws the signal's reason once it is aborted
 */
export async function* eventsOf(
  models: ReadModels,
  generation: string,
  { programme, initiative = '' }: { programme: string; initiative?: string | undefined },
  signal?: AbortSignal,
): AsyncIterable<EventRecord> {
  const query = { scope: streamOf(programme, initiative), range: { from: 1 }, sort: 'version' };
  for await (const documents of pagesOf(models, generation, records.name, query, signal))
    for (const document of documents) {
      const record = recordIn(document);
      if (record.type !== 'CommandRefused') yield record;
    }
}
