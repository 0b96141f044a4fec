/** Fetches from and produces to one partition's leader, over connections of its own. */
import type Cluster from 'kafkajs/src/cluster/index.js';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import fetchRequests from 'kafkajs/src/protocol/requests/fetch/index.js';
import { setTimeout as wait } from 'node:timers/promises';
import { errorTypes, isFinal, type KafkaConnection } from './connection.js';
import { decodeBatches, int64At, type AbortedTransaction, type FetchedMessage } from './record-batch.js';

/** The most bytes of one fetch; a single larger batch is still fetched whole. */
const atOnce = 1024 * 1024;
const readCommitted = 1;
/** Versions of requests that the brokers of Kafka 2.3 to 4 support. */
const versions = { fetch: 11, produce: 7 } as const;
const produceKey = 0;
/** How long a leader waits for its followers' acknowledgements, in milliseconds. */
const acknowledgeWithin = 30_000;
const allInSync = -1;
const ofTransactions = 1;
/**
 * The most retries, and pauses between them in milliseconds: the first one (`marking`: while the previous transaction is being marked; `moving`: while leaders
 * move), which doubles with each retry, and the longest one. All retries together take some seconds.
 */
const patience = { attempts: 14, marking: 1, moving: 10, pause: 1_000 } as const;

/** Messages in order, and the offset to go on from. The partition ends at `end`; transactions before it may still be open. */
export type Fetched = { messages: FetchedMessage[]; next: number; end: number };

export class PartitionClient {
  private cluster: Promise<Cluster> | undefined;
  private coordinating: Promise<Broker> | undefined;
  private closed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  get isClosed(): boolean {
    return this.closed;
  }

  /** Fetches committed messages from an offset on, at most a batch, and waits up to `patientFor` milliseconds if there are none yet. */
  async fetch(from: number, patientFor: number): Promise<Fetched> {
    const { topic, partition } = this;
    const leader = await this.leader();
    const { request, requestTimeout } = fetchRequests.protocol({ version: versions.fetch })({
      maxWaitTime: patientFor,
      minBytes: patientFor > 0 ? 1 : 0,
      maxBytes: atOnce,
      isolationLevel: readCommitted,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: atOnce }] }],
    });
    const response = { decode: (bytes: Buffer) => Promise.resolve(fetchedIn(bytes, from)), parse: checkedFetch };
    return leader.connectionPool.send({ request, requestTimeout, response });
  }

  /** Appends a batch. @returns the offset of its first message */
  async produce(batch: Buffer, transactionalId: string | null = null): Promise<number> {
    const { topic, partition } = this;
    const leader = await this.leader();
    const request = {
      apiKey: produceKey,
      apiVersion: versions.produce,
      apiName: 'Produce',
      encode: () =>
        Promise.resolve(
          new Encoder(batch.length + 512)
            .writeString(transactionalId)
            .writeInt16(allInSync)
            .writeInt32(acknowledgeWithin)
            .writeInt32(1)
            .writeString(topic)
            .writeInt32(1)
            .writeInt32(partition)
            .writeBytes(batch),
        ),
    };
    const response = { decode: (bytes: Buffer) => Promise.resolve(producedIn(bytes)), parse: checkedProduce };
    const { baseOffset } = await leader.connectionPool.send({ request, response });
    return baseOffset;
  }

  /** The broker that keeps a transactional id's state, looked up once per connection. */
  async coordinator(transactionalId: string): Promise<Broker> {
    const cluster = await this.connected();
    return (this.coordinating ??= cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: ofTransactions }));
  }

  /** Retries work that fails while leaders or coordinators move (over new connections), or while the previous transaction is still being marked. */
  async patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === patience.attempts || this.closed || signal?.aborted || isFinal(error)) throw error;
        const isBeingMarked = errorTypes(error).includes('CONCURRENT_TRANSACTIONS');
        if (!isBeingMarked) await this.disconnect();
        await wait(Math.min(patience.pause, (isBeingMarked ? patience.marking : patience.moving) * 2 ** attempt));
      }
    }
  }

  /** Closes its connections, including those that are being made; the next request makes new ones. */
  async disconnect(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    this.coordinating = undefined;
    await (await cluster?.catch(() => undefined))?.disconnect().catch(() => undefined);
  }

  /** Closes its connections, and makes no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.disconnect();
  }

  private async leader(): Promise<Broker> {
    const { topic, partition } = this;
    const cluster = await this.connected();
    const leader = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)?.leader;
    if (leader === undefined || leader < 0) throw new Error(`${topic}-${partition} has no leader`);
    return cluster.findBroker({ nodeId: String(leader) });
  }

  private connected(): Promise<Cluster> {
    if (this.closed) return Promise.reject(new Error('the connection is closed'));
    return (this.cluster ??= this.connect());
  }

  private async connect(): Promise<Cluster> {
    const cluster = this.connection.cluster();
    try {
      await cluster.connect();
      await cluster.addTargetTopic(this.topic);
      return cluster;
    } catch (error) {
      await cluster.disconnect().catch(() => undefined);
      throw error;
    }
  }
}

type FetchAnswer = Fetched & { errorCode: number; clientSideThrottleTime: number };

/** Reads the answer to a fetch of one partition (version 11). */
function fetchedIn(bytes: Buffer, from: number): FetchAnswer {
  const failed = bytes.readInt16BE(4);
  const clientSideThrottleTime = bytes.readInt32BE(0);
  if (failed !== 0 || bytes.readInt32BE(10) < 1)
    return { errorCode: failed || -1, clientSideThrottleTime, messages: [], next: from, end: 0 };
  const partitionAt = afterTopic(bytes, 14) + 4;
  const errorCode = bytes.readInt16BE(partitionAt);
  const end = int64At(bytes, partitionAt + 2);
  let at = partitionAt + 26;
  const aborted: AbortedTransaction[] = [];
  const count = bytes.readInt32BE(at);
  for (at += 4; aborted.length < count; at += 16)
    aborted.push({ producerId: bytes.readBigInt64BE(at), firstOffset: int64At(bytes, at + 8) });
  const size = Math.max(0, bytes.readInt32BE(at + 4));
  const { messages, next } = decodeBatches(bytes.subarray(at + 8, at + 8 + size), from, aborted);
  return { errorCode, clientSideThrottleTime, messages, next, end };
}

type ProduceAnswer = { errorCode: number; baseOffset: number; clientSideThrottleTime: number };

/** Reads the answer to a batch for one partition (version 7). */
function producedIn(bytes: Buffer): ProduceAnswer {
  const partitionAt = afterTopic(bytes, 4) + 4;
  return {
    errorCode: bytes.readInt16BE(partitionAt),
    baseOffset: int64At(bytes, partitionAt + 2),
    clientSideThrottleTime: bytes.readInt32BE(bytes.length - 4),
  };
}

/** The position of the first partition, after the topic's name and the number of its partitions. */
function afterTopic(bytes: Buffer, at: number): number {
  return at + 2 + bytes.readInt16BE(at) + 4;
}

function checkedFetch(answer: FetchAnswer): Promise<FetchAnswer> {
  return checked(answer);
}
function checkedProduce(answer: ProduceAnswer): Promise<ProduceAnswer> {
  return checked(answer);
}
function checked<A extends { errorCode: number }>(answer: A): Promise<A> {
  return answer.errorCode === 0 ? Promise.resolve(answer) : Promise.reject(createErrorFromCode(answer.errorCode));
}
