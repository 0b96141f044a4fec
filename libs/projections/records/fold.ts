/** The documents of records, each written once, with the record's changes to the totals. */
import type { ReadModels, Write } from '../../read-models/ports.js';
import { contentOf } from '../collection.js';
import type { Changed } from '../projection.js';
import { changeToBody } from '../totals/changes.js';
import { commandKey, recordKey, records, streamOfRecord, type RecordInternal } from './collection.js';
import type { Recorded } from './recorded.js';

/** The records of the batch that an interrupted save had written already. Their changes are read here, because their initiatives may be folded past them. */
export async function recordsSeenBefore(
  models: ReadModels,
  generation: string,
  batch: readonly Recorded[],
): Promise<ReadonlyMap<string, RecordInternal>> {
  const firsts = new Map<string, string>();
  for (const { record } of batch)
    if (!firsts.has(record.programme)) firsts.set(record.programme, recordKey(record.programme, record.position));
  const found = await recordsOf(models, generation, [...firsts.values()]);
  const again = new Set([...firsts].filter(([, key]) => found.has(key)).map(([programme]) => programme));
  if (again.size === 0) return found;
  const whole = batch.filter(({ record }) => again.has(record.programme));
  return recordsOf(
    models,
    generation,
    whole.map(({ record }) => recordKey(record.programme, record.position)),
  );
}

async function recordsOf(models: ReadModels, generation: string, keys: readonly string[]): Promise<Map<string, RecordInternal>> {
  const found = await models.get(generation, records.name, keys);
  return new Map(found.flatMap((document) => (document ? [[document.key, contentOf(records, document).internal]] : [])));
}

/** The document of a record: its exact text. The first record of a command also holds the key by which the command is looked up. */
export function writeOfRecord({ recorded: { record, text, hash, offset, command }, changes, alone }: Changed): Write {
  const internal: RecordInternal = { stream: streamOfRecord(record), offset, hash };
  if (record.version !== undefined) internal.version = record.version;
  if (command?.index === 0) {
    internal.command = commandKey(record.programme, command.organisation, command.id);
    if (command.count > 1) internal.count = command.count;
  }
  if (!alone) internal.changes = changes.map(changeToBody);
  const document = { key: recordKey(record.programme, record.position), position: record.position, body: text, internal };
  return { collection: records.name, document };
}
