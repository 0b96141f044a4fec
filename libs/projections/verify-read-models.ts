/** Compares read models with a fresh fold of the log, document by document. */
import { isDeepStrictEqual } from 'node:util';
import { start, type Entry, type EventLog, type Place } from '../event-log/ports.js';
import type { Document, ReadModels } from '../read-models/ports.js';
import { collections } from './collections.js';
import { build } from './runner.js';

/** The first document that is not what the log says. */
export type DocumentFault = { collection: string; key: string; found: string };
export type ReadModelsVerdict = { documents: number; fault?: DocumentFault };

/**
 * Folds the log as far as `models` are folded into `fresh`, and compares. `models` must not change meanwhile: a snapshot.
 * `undefined` where nothing was folded by this version of the code yet.
 */
export async function verifyReadModels(
  log: EventLog,
  models: ReadModels,
  fresh: ReadModels,
  generation: string,
): Promise<ReadModelsVerdict | undefined> {
  const checkpoint = (await models.generations()).includes(generation) ? await models.checkpoint(generation) : undefined;
  if (!checkpoint) return undefined;
  await build({ log: upTo(log, checkpoint[0] ?? start), partition: 0, models: fresh, generation }, new AbortController().signal);
  const [kept, folded] = [await models.heads(generation), await fresh.heads(generation)];
  for (const programme of new Set([...kept.keys(), ...folded.keys()]))
    if (!isDeepStrictEqual(kept.get(programme), folded.get(programme)))
      return { documents: 0, fault: { collection: 'heads', key: programme, found: 'the head is not the one that the log has' } };
  let documents = 0;
  for (const { name } of collections) {
    const verdict = await compare(name, models.scan(generation, name), fresh.scan(generation, name));
    documents += verdict.documents;
    if (verdict.fault) return { documents, fault: verdict.fault };
  }
  return { documents };
}

/** The log as it was when a place was its end. */
function upTo(log: EventLog, end: Place): EventLog {
  return {
    partitions: log.partitions,
    async *read(partition: number, after: Place): AsyncIterable<Entry[]> {
      for await (const entries of log.read(partition, after)) {
        const wanted = entries.filter(({ place }) => place <= end);
        if (wanted.length > 0) yield wanted;
        if (wanted.length < entries.length) return;
      }
    },
    end: () => Promise.resolve(end),
    follow: (partition, after, signal) => log.follow(partition, after, signal),
    acquire: (partition) => log.acquire(partition),
    close: () => log.close(),
  };
}

async function compare(collection: string, kept: AsyncIterable<Document[]>, folded: AsyncIterable<Document[]>): Promise<ReadModelsVerdict> {
  const [ones, others] = [oneByOne(kept), oneByOne(folded)];
  for (let documents = 0; ; documents++) {
    const [one, other] = [(await ones.next()).value, (await others.next()).value];
    if (!one && !other) return { documents };
    const fault = (key: string, found: string) => ({ documents, fault: { collection, key, found } });
    if (!one || (other && other.key < one.key)) return fault(other?.key ?? '', 'the document is missing');
    if (!other || one.key < other.key) return fault(one.key, 'the log knows nothing of this document');
    if (!isDeepStrictEqual(one, other)) return fault(one.key, `the document is not what the log folds to: ${differenceOf(one, other)}`);
  }
}

async function* oneByOne(batches: AsyncIterable<Document[]>): AsyncGenerator<Document, undefined> {
  for await (const documents of batches) yield* documents;
  return undefined;
}

function differenceOf(one: Document, other: Document): string {
  if (one.position !== other.position) return `position ${one.position}, not ${other.position}`;
  for (const field of new Set([...Object.keys(one.body), ...Object.keys(other.body)]))
    if (!isDeepStrictEqual(one.body[field], other.body[field]))
      return `${field} is ${JSON.stringify(one.body[field])}, not ${JSON.stringify(other.body[field])}`;
  return 'it differs';
}
