/**
 * Types of the internals of kafkajs 2.2.4 that this folder uses: connections to brokers. Over them it reads partitions by offset, which kafkajs's consumers
 * can't do, and sends batches that it encodes itself.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { ISocketFactory, KafkaConfig } from 'kafkajs';
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  type Transactional = { transactionalId: string; producerId: string; producerEpoch: number };
  export type Request = { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<Encoder> };
  /** A request, and the functions that read its answer; `parse` throws an error that the broker names. */
  type Exchange<A extends { clientSideThrottleTime: number }> = {
    request: Request;
    response: { decode(bytes: Buffer): Promise<A>; parse(answer: A): Promise<A> };
    requestTimeout?: number;
  };
  export type Broker = {
    nodeId: string | number;
    connectionPool: { send<A extends { clientSideThrottleTime: number }>(exchange: Exchange<A>): Promise<A> };
    initProducerId(request: {
      transactionalId: string;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    addPartitionsToTxn(request: Transactional & { topics: { topic: string; partitions: number[] }[] }): Promise<unknown>;
    endTxn(request: Transactional & { transactionResult: boolean }): Promise<unknown>;
  };
  type Silent = { [level in 'debug' | 'info' | 'warn' | 'error']: (message: string, extra?: object) => void } & { namespace(): Silent };

  export default class Cluster {
    constructor(
      options: Pick<
        KafkaConfig,
        'ssl' | 'sasl' | 'clientId' | 'connectionTimeout' | 'requestTimeout' | 'enforceRequestTimeout' | 'retry'
      > & {
        brokers: string[];
        logger: Silent;
        socketFactory: ISocketFactory;
        metadataMaxAge: number;
        allowAutoTopicCreation: boolean;
        isolationLevel: number;
      },
    );
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
    findBroker(options: { nodeId: string }): Promise<Broker>;
    findGroupCoordinator(options: { groupId: string; coordinatorType: number }): Promise<Broker>;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    constructor(initialSize?: number);
    readonly buffer: Buffer;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeString(value: string | null): this;
    /** Writes the size first. */
    writeBytes(value: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  /** Makes the error for an error code of Kafka's protocol. */
  export function createErrorFromCode(code: number): Error;
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  import type { Request } from 'kafkajs/src/cluster/index.js';
  type Fetch = {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  };
  const requests: { protocol(of: { version: number }): (fetch: Fetch) => { request: Request; requestTimeout: number } };
  export default requests;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function socketFactory(): ISocketFactory;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    pending: unknown[];
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  export default function murmur2(key: string | Buffer): number;
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
    readonly buffer: Buffer;
  }
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  type Record = { offsetDelta: number; key: string | null; value: Buffer; headers: { [name: string]: string } };
  export default function encodeRecord(record: Record): object;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  type Batch = {
    records: object[];
    firstTimestamp: number;
    maxTimestamp: number;
    lastOffsetDelta: number;
    transactional: boolean;
    producerId: string;
    producerEpoch: number;
    firstSequence: number;
  };
  const recordBatches: { RecordBatch(batch: Batch): Promise<{ buffer: Buffer }> };
  export default recordBatches;
}

declare module 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  import type { RawMessage } from 'kafkajs/src/consumer/batch.js';
  export default function decodeMessages(from: Decoder): Promise<RawMessage[]>;
}

declare module 'kafkajs/src/consumer/batch.js' {
  export type RawMessage = { offset: string; key: Buffer | null; value: Buffer | null; headers: Record<string, Buffer | undefined> };
  type Fetched = {
    partition: number;
    highWatermark: string;
    abortedTransactions: { producerId: string; firstOffset: string }[];
    messages: RawMessage[];
  };
  /** The fetched messages, without control records and aborted transactions. */
  export default class Batch {
    constructor(topic: string, fetchedOffset: string, fetched: Fetched);
    readonly messages: RawMessage[];
  }
}
