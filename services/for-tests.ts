/** The servers that specs run against: those named by `KAFKA_BROKERS` and `MONGODB_URL`, or started here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from './kafka.js';
import { startDocumentServer } from './mongodb.js';

/** Brokers for a spec while it runs. */
export async function kafkaForTests(): Promise<{ brokers: string[]; stop(): Promise<void> }> {
  const named = process.env['KAFKA_BROKERS'];
  if (named !== undefined && named !== '') return { brokers: named.split(','), stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-kafka-'));
  const kafka = await startKafka({ folder });
  return {
    brokers: kafka.brokers,
    async stop() {
      await kafka.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address of a MongoDB for a spec while it runs. */
export async function mongoForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const named = process.env['MONGODB_URL'];
  if (named !== undefined && named !== '') return { url: named, stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-documents-'));
  const documents = await startDocumentServer({ folder });
  return {
    url: documents.url,
    async stop() {
      await documents.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
