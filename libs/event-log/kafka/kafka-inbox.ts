/** The inbox of commands as a Kafka topic with the events' partitions and keys. */
import type { Producer } from 'kafkajs';
import { partitionOf } from '../partition-of.js';
import {
  InboxUnavailable,
  SentTooLarge,
  type Address,
  type Inbox,
  type Place,
  type Received,
  type Sent,
  type ServePartition,
} from '../ports.js';
import { messageOf, type KafkaConnection } from './connection.js';
import { bytesOfSent, programmeOf, receivedOf } from './inbox-message.js';
import { Lease } from './lease.js';
import { PartitionReader } from './partition-reader.js';
import { commandsTopic } from './topics.js';

/** The largest message, in bytes: one command is far below, a rehearsal of many may not be. */
const largestSent = 2 * 1024 * 1024;
/** One request carries at most so much, in bytes and messages. */
const request = { bytes: 512 * 1024, messages: 2_000 } as const;
/** How long a reader waits at the brokers for new commands at once, in milliseconds. */
const readWait = 250;

export type KafkaInboxOptions = {
  connection: KafkaConnection;
  partitions: number;
  /** This process among those that decide commands; the same name gets the same partitions again. */
  instance: string;
  /** This process can't go on as an owner. */
  onLost: (error: Error) => void;
  onAssigned?: (partitions: readonly number[]) => void;
};

export class KafkaInbox implements Inbox {
  readonly partitions: number;
  private readonly topic: string;
  private readonly senders: PartitionSender[];
  private producer: Promise<Producer> | undefined;
  private lease: Lease | undefined;
  private closed = false;

  constructor(private readonly options: KafkaInboxOptions) {
    this.partitions = options.partitions;
    this.topic = commandsTopic(options.connection.prefix);
    this.senders = Array.from(
      { length: options.partitions },
      (_, partition) => new PartitionSender((messages) => this.produce(partition, messages)),
    );
  }

  async send(sent: readonly Sent[]): Promise<Address[]> {
    if (this.closed) throw new InboxUnavailable('the ledger is shutting down');
    const messages = sent.map((one) => {
      const programme = programmeOf(one);
      return { partition: partitionOf(programme, this.partitions), key: programme, value: bytesOfSent(one) };
    });
    const tooLarge = messages.find(({ value }) => value.byteLength > largestSent);
    if (tooLarge) throw new SentTooLarge(`it has ${tooLarge.value.byteLength} bytes; the inbox takes ${largestSent} at most`);
    const byPartition = Map.groupBy(messages.entries(), ([, { partition }]) => partition);
    const addresses = new Array<Address>(messages.length);
    await Promise.all(
      [...byPartition].map(async ([partition, own]) => {
        const places = await this.sender(partition).send(own.map(([, message]) => message));
        for (const [index, [at]] of own.entries()) addresses[at] = { partition, place: places[index] ?? 0 };
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
    await this.lease.hold((partition, signal) => serve(partition, (place) => this.after(partition, place, signal), signal));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.lease?.close();
    await (await this.producer?.catch(() => undefined))?.disconnect();
  }

  private async *after(partition: number, place: Place, signal: AbortSignal): AsyncIterable<Received[]> {
    const reader = new PartitionReader(this.options.connection, this.topic, partition);
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(undefined);
      });
    });
    try {
      for (let from = place + 1; !signal.aborted;) {
        const fetching = reader.fetch(from, readWait, signal);
        fetching.catch(() => undefined);
        const fetched = await Promise.race([fetching, stopped]);
        if (!fetched) return;
        from = fetched.next;
        if (fetched.messages.length > 0)
          yield fetched.messages.map(({ offset, value }) =>
            receivedOf(Number(offset), value ?? Buffer.alloc(0), partition, this.partitions),
          );
      }
    } finally {
      await reader.close();
    }
  }

  private async produce(partition: number, messages: readonly Outgoing[]): Promise<Place> {
    try {
      const producer = await (this.producer ??= this.connected());
      const [written] = await producer.send({
        topic: this.topic,
        acks: -1,
        messages: messages.map(({ key, value }) => ({ partition, key, value })),
      });
      if (written?.baseOffset === undefined) throw new Error('Kafka did not say where it was written');
      return Number(written.baseOffset);
    } catch (cause) {
      throw new InboxUnavailable(`the inbox of commands can't be written: ${messageOf(cause)}`, { cause });
    }
  }

  private async connected(): Promise<Producer> {
    const producer = this.options.connection.client().producer({
      allowAutoTopicCreation: false,
      retry: { retries: 8, initialRetryTime: 20, maxRetryTime: 1_000 },
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.producer = undefined;
      throw error;
    }
  }

  private sender(partition: number): PartitionSender {
    const sender = this.senders[partition];
    if (!sender) throw new RangeError(`there is no partition ${partition}; there are ${this.partitions}`);
    return sender;
  }
}

type Outgoing = { key: string; value: Buffer };
type Group = { messages: readonly Outgoing[]; places: Place[]; resolve: (places: Place[]) => void; reject: (error: unknown) => void };

/**
 * Sends to one partition, one request at a time: while one is on its way the next gathers, and a request that is repeated can't overtake another.
 * What was sent together fails together from the first that failed on.
 */
class PartitionSender {
  private groups: Group[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly produce: (messages: readonly Outgoing[]) => Promise<Place>) {}

  send(messages: readonly Outgoing[]): Promise<Place[]> {
    return new Promise((resolve, reject) => {
      this.groups.push({ messages, places: [], resolve, reject });
      this.sending ??= this.work();
    });
  }

  private async work(): Promise<void> {
    // One turn of the event loop lets everything that has already arrived join the first request.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.groups.length > 0) {
      const parts = this.take();
      try {
        let place = await this.produce(parts.flatMap(({ messages }) => messages));
        for (const { group, messages } of parts) for (const _ of messages) group.places.push(place++);
        for (const { group } of parts) if (group.places.length === group.messages.length) this.leave(group).resolve(group.places);
      } catch (error) {
        for (const { group } of parts) this.leave(group).reject(error);
      }
    }
    this.sending = undefined;
  }

  /** What the next request carries: whole groups where they fit, and the beginning of the first that doesn't. */
  private take(): { group: Group; messages: readonly Outgoing[] }[] {
    const parts: { group: Group; messages: readonly Outgoing[] }[] = [];
    let bytes = 0;
    let count = 0;
    for (const group of this.groups) {
      const from = group.places.length;
      let to = from;
      for (; to < group.messages.length && count < request.messages && bytes < request.bytes; to++, count++)
        bytes += group.messages[to]?.value.byteLength ?? 0;
      if (to > from) parts.push({ group, messages: group.messages.slice(from, to) });
      if (to < group.messages.length) break;
    }
    return parts;
  }

  private leave(group: Group): Group {
    this.groups = this.groups.filter((one) => one !== group);
    return group;
  }
}
