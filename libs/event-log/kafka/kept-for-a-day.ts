/**
 * Keeps short-lived content that may be larger than a message: the commands of large dry runs, and the outcomes of all dry runs. Its own topic
 * lets it expire; the inbox and the log hold a reference to it (the claim check pattern).
 */
import { LogUnreadable, start } from '../ports.js';
import type { KafkaConnection } from '../../kafka-client/connection.js';
import { PartitionClient } from '../../kafka-client/partition-client.js';
import { PartitionReader } from './partition-reader.js';
import { encodeBatch } from '../../kafka-client/record-batch.js';
import { dryRunsTopic } from './topics.js';
import { unlessAborted } from '../../kafka-client/unless-aborted.js';

/** The most bytes of content in one message. */
const largestPart = 512 * 1024;
/**
 * In milliseconds. `owner`: how long an owner waits for a leader; other commands wait meanwhile, so it is short. `pause`: how long an owner does not ask the
 * leader again after a time-out.
 */
const patience = { owner: 2_000, pause: 5_000 } as const;
const decoder = new TextDecoder('utf-8', { fatal: true });

export class KeptForADay {
  private readonly writing = new Map<number, PartitionClient>();
  private readonly reading = new Map<number, PartitionReader>();

  /** By partition whose leader did not answer in time: the moment (`performance.now()`) from which an owner asks it again. */
  private readonly askedAgain = new Map<number, number>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly ownerWaits: number = patience.owner,
  ) {}

  /** @returns the reference, which goes into the inbox or the log in place of the bytes */
  async keep(partition: number, bytes: Uint8Array, signal?: AbortSignal): Promise<Buffer> {
    const client = made(this.writing, partition, () => new PartitionClient(this.connection, this.topic, partition));
    const kept: number[] = [];
    for (let from = 0; from < bytes.byteLength; from += largestPart) {
      const batch = encodeBatch([{ key: null, value: bytes.subarray(from, from + largestPart) }], Date.now());
      kept.push(await client.patiently(() => client.produce(batch), signal));
    }
    return Buffer.from(JSON.stringify({ kept }));
  }

  /** The same for an owner, within about two seconds. @returns {@link notKept} if it takes longer */
  async keepInTime(partition: number, bytes: Uint8Array): Promise<Buffer> {
    return (await this.inTime(this.writing, partition, (signal) => this.keep(partition, bytes, signal))) ?? notKept;
  }

  /** The content that a reference leads to. @throws {LogUnreadable} it has expired, or could not be kept @throws {LogUnavailable} */
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

  /** The same for an owner, within about two seconds; `undefined` if it takes longer or fails, or `signal` is aborted. */
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
      // Closing the connections ends requests that are still under way.
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
/** The reference for content that could not be kept. */
export const notKept = Buffer.from('{"kept":[]}');

/** Whether bytes are a reference to content that is kept elsewhere. */
export function standsForWhole(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, beginning.length)).equals(beginning);
}

function keptIn(bytes: Uint8Array): number[] {
  const parsed: unknown = JSON.parse(decoder.decode(bytes));
  const kept = typeof parsed === 'object' && parsed !== null && 'kept' in parsed ? parsed.kept : undefined;
  return Array.isArray(kept) ? kept.filter((offset) => typeof offset === 'number') : [];
}
