/** The statements that records publish. */
import type { Entry } from '../../event-log/ports.js';
import { decodeRecord, type LedgerRecord } from '../../event-log/record.js';
import { mayAsk } from './occasion.js';
import type { PublishedStatement } from './ports.js';

/** The statement that a record publishes. */
export function publishedIn(record: LedgerRecord): PublishedStatement | undefined {
  if (record.type !== 'StatementPublished') return undefined;
  const { position, size, root } = record.data;
  return { programme: record.programme, position, size, root: Buffer.from(root, 'hex'), record: record.position };
}

/** The same of an entry. */
export function publishedBy(entry: Entry): PublishedStatement | undefined {
  return entry.kind === 'record' && mayAsk(entry) ? publishedIn(decodeRecord(entry.bytes)) : undefined;
}
