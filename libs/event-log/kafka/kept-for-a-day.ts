/**
 * What is needed for a moment and may be larger than a message: the commands of large dry runs, and the outcomes of all of them. It is kept beside the
 * inbox and the log, which name where it lies (a claim check), and expires.
 */
import { LogUnreadable, start } from '../ports.js';
import type { KafkaConnection } from '../../kafka-client/connection.js';
import { PartitionClient } from '../../kafka-client/partition-client.js';
import { PartitionReader } from './partition-reader.js';
import { encodeBatch } from '../../kafka-client/record-batch.js';
import { dryRunsTopic } from './topics.js';
import { unlessAborted } from '../../kafka-client/unless-aborted.js';

/** One message holds so many bytes of it. */
const largestPart = 512 * 1024;
/**
 * How long an owner, which keeps other commands waiting meanwhile, waits for what is kept, and how long it does not ask again after it waited in vain, in
 * milliseconds.
 */
const patience = { owner: 2_000, pause: 5_000 } as const;
const decoder = new TextDecoder('utf-8', { fatal: true });

export class KeptForADay {
  private readonly writing = new Map<number, PartitionClient>();
  private readonly reading = new Map<number, PartitionReader>();

  /** When partitions whose leader did not answer an owner in time are asked again, on the process's clock. */
  private readonly askedAgain = new Map<number, number>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly ownerWaits: number = patience.owner,
  ) {}

  /** @returns what goes into the inbox or the log in its place */
  async keep(partition: number, bytes: Uint8Array, signal?: AbortSignal): Promise<Buffer> {
    const client = made(this.writing, partition, () => new PartitionClient(this.connection, this.topic, partition));
    const kept: number[] = [];
    for (let from = 0; from < bytes.byteLength; from += largestPart) {
      const batch = encodeBatch([{ key: null, value: bytes.subarray(from, from + largestPart) }], Date.now());
      kept.push(await client.patiently(() => client.produce(batch), signal));
    }
    return Buffer.from(JSON.stringify({ kept }));
  }

  /** The same within about two seconds, for an owner: what can't be kept by then is not kept. */
  async keepInTime(partition: number, bytes: Uint8Array): Promise<Buffer> {
    return (await this.inTime(this.writing, partition, (signal) => this.keep(partition, bytes, signal))) ?? notKept;
  }

  /** What was kept, by what stands in its place. @throws {LogUnreadable} it has expired, or could not be kept @throws {LogUnavailable} */
  async whole(partition: number, bytes: Uint8Array, signal?: AbortSignal): Promise<Buffer> {
    const kept = keptIn(bytes);
    if (kept.length === 0) throw new LogUnreadable(start, 'this could not be kept');
    const reader = made(this.reading, partition, () => new PartitionReader(this.connection, this.topic, partition));
    const parts: Uint8Array[] = [];
    for (const offset of kept) {
      const { messages } = await reader.fetch(offset, 0, signal);
      const value = messages.find((message) => message.offset === offset)?.value;
      if (!value) throw new LogUnreadable(offset, `nothing is kept at offset ${offset} of ${this.topic}-${partition}`);
      parts.push(value);
    }
    return Buffer.concat(parts);
  }

  /** The same within about two seconds, for an owner; `undefined` where it can't be had by then, or `signal` is aborted. */
  wholeInTime(partition: number, bytes: Uint8Array, signal: AbortSignal): Promise<Buffer | undefined> {
    return this.inTime(this.reading, partition, (inTime) => this.whole(partition, bytes, inTime), signal);
  }

  async close(): Promise<void> {
    await Promise.all([...this.writing.values(), ...this.reading.values()].map((one) => one.close()));
  }

  private async inTime<T>(
    clients: Map<number, { close(): Promise<void> }>,
    partition: number,
    work: (signal: AbortSignal) => Promise<T>,
    given?: AbortSignal,
  ): Promise<T | undefined> {
    if (performance.now() < (this.askedAgain.get(partition) ?? 0)) return undefined;
    const deadline = AbortSignal.timeout(this.ownerWaits);
    const signal = given ? AbortSignal.any([given, deadline]) : deadline;
    const done = await unlessAborted(work(signal), signal).catch(() => undefined);
    if (done === undefined && deadline.aborted) {
      this.askedAgain.set(partition, performance.now() + patience.pause);
      // What is still under way ends with its connections.
      void clients.get(partition)?.close();
      clients.delete(partition);
    }
    return done;
  }

  private get topic(): string {
    return dryRunsTopic(this.connection.prefix);
  }
}

function made<T>(all: Map<number, T>, partition: number, make: () => T): T {
  const one = all.get(partition) ?? make();
  all.set(partition, one);
  return one;
}

const beginning = Buffer.from('{"kept":[');
/** Stands for what could not be kept. */
export const notKept = Buffer.from('{"kept":[]}');

/** Whether bytes stand for what is kept elsewhere. */
export function standsForWhole(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, beginning.length)).equals(beginning);
}

function keptIn(bytes: Uint8Array): number[] {
  const parsed: unknown = JSON.parse(decoder.decode(bytes));
  const kept = typeof parsed === 'object' && parsed !== null && 'kept' in parsed ? parsed.kept : undefined;
  return Array.isArray(kept) ? kept.filter((offset) => typeof offset === 'number') : [];
}
