/** The inbox of commands as a Kafka topic, with the same partitions and keys as the events. */
import { setTimeout as wait } from 'node:timers/promises';
import { partitionOf } from '../partition-of.js';
import {
  InboxUnavailable,
  programmeOf,
  SentTooLarge,
  type Address,
  type Inbox,
  type Offset,
  type Received,
  type Sent,
  type ServePartition,
} from '../ports.js';
import { messageOf, type KafkaConnection } from '../../kafka-client/connection.js';
import { bytesOfSent, receivedOf } from './inbox-message.js';
import { KeptForADay, standsForWhole } from './kept-for-a-day.js';
import { Lease } from './lease.js';
import { PartitionClient } from '../../kafka-client/partition-client.js';
import { PartitionReader } from './partition-reader.js';
import { encodeBatch, type FetchedMessage, type OutgoingMessage } from '../../kafka-client/record-batch.js';
import { commandsTopic } from './topics.js';
import { unlessAborted } from '../../kafka-client/unless-aborted.js';

/** The largest message, in bytes. A single command is far smaller; a larger dry run is kept elsewhere. */
const largestSent = 2 * 1024 * 1024;
/** The most bytes and messages in one request. */
const request = { bytes: 512 * 1024, messages: 2_000 } as const;
/**
 * With few concurrent senders, the next request gathers messages for 5 ms. Each request costs the brokers and the owner more than the wait: 64 senders get
 * their answers sooner with it. With `many` messages in a request there is no wait, because the next request fills meanwhile.
 */
const gather = { milliseconds: 5, many: 128 } as const;
/** The longest wait of one fetch for new commands, in milliseconds. */
const readWait = 250;
/** The largest tolerated difference between the clocks of this machine and the brokers, in milliseconds. */
const clocksApart = 5_000;

export type KafkaInboxOptions = {
  connection: KafkaConnection;
  partitions: number;
  /** The name of this process among those that decide commands; the same name gets the same partitions again. */
  instance: string;
  /** Called when this process can't go on as an owner. */
  onLost: (error: Error) => void;
  onAssigned?: (partitions: readonly number[]) => void;
  /** Milliseconds after which nobody waits for a dry run any more; without limit if absent. */
  dryRunWithin?: number;
};

export class KafkaInbox implements Inbox {
  readonly partitions: number;
  private readonly topic: string;
  private readonly senders: PartitionSender[];
  private lease: Lease | undefined;
  private readonly kept: KeptForADay;
  private closed = false;

  constructor(private readonly options: KafkaInboxOptions) {
    this.kept = new KeptForADay(options.connection);
    this.partitions = options.partitions;
    this.topic = commandsTopic(options.connection.prefix);
    this.senders = Array.from(
      { length: options.partitions },
      (_, partition) => new PartitionSender(new PartitionClient(options.connection, this.topic, partition)),
    );
  }

  async send(sent: readonly Sent[]): Promise<Address[]> {
    if (this.closed) throw new InboxUnavailable('the ledger is shutting down');
    let messages: Outgoing[] = sent.map((one) => ({ key: programmeOf(one), value: bytesOfSent(one), isDryRun: 'dryRun' in one }));
    if (messages.some(({ isDryRun, value }) => isDryRun && value.byteLength > largestSent)) messages = await this.checkedIn(messages);
    const tooLarge = messages.find(({ value }) => value.byteLength > largestSent);
    if (tooLarge) throw new SentTooLarge(`it has ${tooLarge.value.byteLength} bytes; the inbox takes ${largestSent} at most`);
    const partitions = messages.map(({ key }) => partitionOf(key, this.partitions));
    const [first] = partitions;
    if (first === undefined) return [];
    if (partitions.every((partition) => partition === first)) return this.sendTo(first, messages);
    const byPartition = Map.groupBy(partitions.keys(), (index) => partitions[index] ?? 0);
    const addresses = new Array<Address>(messages.length);
    await Promise.all(
      [...byPartition].map(async ([partition, own]) => {
        const sentThere = await this.sendTo(
          partition,
          messages.filter((_, index) => partitions[index] === partition),
        );
        for (const [index, at] of own.entries()) addresses[at] = sentThere[index] ?? { partition, offset: 0 };
      }),
    );
    return addresses;
  }

  async own(serve: ServePartition): Promise<void> {
    const { connection, partitions, instance, onLost, onAssigned } = this.options;
    this.lease = new Lease({
      connection,
      groupId: `${connection.prefix}.owners`,
      topic: this.topic,
      partitions,
      instance,
      onLost,
      ...(onAssigned && { onAssigned }),
    });
    await this.lease.hold((partition, signal) => serve(partition, (offset) => this.after(partition, offset, signal), signal));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.lease?.close();
    await Promise.all([this.kept, ...this.senders].map((one) => one.close()));
  }

  private async *after(partition: number, offset: Offset, signal: AbortSignal): AsyncIterable<Received[]> {
    const reader = new PartitionReader(this.options.connection, this.topic, partition);
    try {
      for (let from = offset + 1; !signal.aborted;) {
        const fetched = await unlessAborted(reader.fetch(from, readWait, signal), signal);
        if (!fetched) return;
        from = fetched.next;
        yield* this.received(partition, fetched.messages, signal);
      }
    } finally {
      await reader.close();
    }
  }

  /** Keeps each dry run that is larger than a message elsewhere. */
  private async checkedIn(messages: readonly Outgoing[]): Promise<Outgoing[]> {
    try {
      return await Promise.all(
        messages.map(async ({ key, value, isDryRun }) => {
          const isTooLarge = isDryRun && value.byteLength > largestSent;
          return { key, isDryRun, value: isTooLarge ? await this.kept.keep(partitionOf(key, this.partitions), value) : value };
        }),
      );
    } catch (cause) {
      throw new InboxUnavailable(`a dry run can't be kept: ${messageOf(cause)}`, { cause });
    }
  }

  /** Hands a message that was kept elsewhere over alone: it is large, and is released before the next one is fetched. */
  private async *received(partition: number, messages: readonly FetchedMessage[], signal: AbortSignal): AsyncIterable<Received[]> {
    let together: Received[] = [];
    for (const message of messages) {
      const { offset } = message;
      const bytes = message.value ?? Buffer.alloc(0);
      const isElsewhere = standsForWhole(bytes);
      if (!isElsewhere || !this.isWaitedFor(message)) {
        const one: Received = isElsewhere ? { offset, lapsed: true } : receivedOf(offset, bytes, partition, this.partitions);
        together.push('dryRun' in one && !this.isWaitedFor(message) ? { offset, lapsed: true } : one);
        continue;
      }
      if (together.length > 0) yield together;
      together = [];
      const whole = await this.kept.wholeInTime(partition, bytes, signal);
      if (signal.aborted) return;
      yield [whole ? receivedOf(offset, whole, partition, this.partitions) : { offset, lapsed: true }];
    }
    if (together.length > 0) yield together;
  }

  /** Whether the sender of a dry run may still wait for its outcomes. */
  private isWaitedFor({ timestamp }: FetchedMessage): boolean {
    const { dryRunWithin = Infinity } = this.options;
    return Date.now() - timestamp <= dryRunWithin + clocksApart;
  }

  private async sendTo(partition: number, messages: readonly OutgoingMessage[]): Promise<Address[]> {
    const sender = this.senders[partition];
    if (!sender) throw new RangeError(`there is no partition ${partition}; there are ${this.partitions}`);
    return (await sender.send(messages)).map((offset) => ({ partition, offset }));
  }
}

type Outgoing = { key: string; value: Buffer; isDryRun: boolean };

type Group = {
  messages: readonly OutgoingMessage[];
  offsets: Offset[];
  resolve: (offsets: Offset[]) => void;
  reject: (error: unknown) => void;
};

/**
 * Sends to one partition, one request at a time: the next one gathers messages meanwhile, and a repeated request can't overtake another.
 * A group of messages fails as a whole if one of its requests fails; the rest of it is not sent.
 */
class PartitionSender {
  /** The waiting groups, in order; the first may have been sent in part. */
  private groups: Group[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly client: PartitionClient) {}

  send(messages: readonly OutgoingMessage[]): Promise<Offset[]> {
    return new Promise((resolve, reject) => {
      this.groups.push({ messages, offsets: [], resolve, reject });
      this.sending ??= this.work();
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async work(): Promise<void> {
    // One turn of the event loop lets everything that has already arrived join the first request.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.groups.length > 0) {
      const { parts, messages } = this.take();
      try {
        const batch = encodeBatch(messages, Date.now());
        let offset = await this.client.patiently(() => this.client.produce(batch));
        for (const { group, count } of parts) {
          for (let left = count; left > 0; left--) group.offsets.push(offset++);
          if (group.offsets.length === group.messages.length) group.resolve(group.offsets);
        }
      } catch (cause) {
        const error = new InboxUnavailable(`the inbox of commands can't be written: ${messageOf(cause)}`, { cause });
        for (const { group } of parts) group.reject(error);
        // The rest of a failed group must not be sent.
        const failed = parts.at(-1)?.group;
        if (this.groups[0] === failed) this.groups.shift();
      }
      if (parts.length > 1 && messages.length < gather.many) await wait(gather.milliseconds);
    }
    this.sending = undefined;
  }

  /** Takes the messages of the next request: whole groups while they fit, then the beginning of the next group, whose rest stays first in the queue. */
  private take(): { parts: { group: Group; count: number }[]; messages: OutgoingMessage[] } {
    const parts: { group: Group; count: number }[] = [];
    const messages: OutgoingMessage[] = [];
    let bytes = 0;
    let taken = 0;
    for (const group of this.groups) {
      const from = group.offsets.length;
      let to = from;
      for (; to < group.messages.length && messages.length < request.messages && bytes < request.bytes; to++) {
        const message = group.messages[to];
        if (!message) break;
        messages.push(message);
        bytes += message.value.byteLength;
      }
      if (to > from) parts.push({ group, count: to - from });
      if (to < group.messages.length) break;
      taken++;
    }
    this.groups.splice(0, taken);
    return { parts, messages };
  }
}
