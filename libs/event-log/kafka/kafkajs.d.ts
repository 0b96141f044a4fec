/** What this folder uses of kafkajs 2.2.4 beyond its public types: reading partitions by offset, which its consumers can't do. */
declare module 'kafkajs/src/cluster/index.js' {
  import type { ISocketFactory, KafkaConfig, Message } from 'kafkajs';

  export type FetchedMessage = {
    offset: string;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, Buffer | undefined>;
    isControlRecord: boolean;
  };
  export type FetchedPartition = {
    partition: number;
    errorCode: number;
    highWatermark: string;
    lastStableOffset: string;
    abortedTransactions: { producerId: string; firstOffset: string }[];
    messages: FetchedMessage[];
  };
  type FetchRequest = {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  };
  type Transactional = { transactionalId: string; producerId: string; producerEpoch: number };
  type ProduceRequest = Transactional & {
    topicData: {
      topic: string;
      partitions: { partition: number; firstSequence: number; messages: (Message & { timestamp: string })[] }[];
    }[];
  };
  export type Broker = {
    fetch(request: FetchRequest): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
    initProducerId(request: {
      transactionalId: string;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    addPartitionsToTxn(request: Transactional & { topics: { topic: string; partitions: number[] }[] }): Promise<unknown>;
    produce(request: ProduceRequest): Promise<unknown>;
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
    refreshMetadata(): Promise<void>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
    findBroker(options: { nodeId: string }): Promise<Broker>;
    findGroupCoordinator(options: { groupId: string; coordinatorType: number }): Promise<Broker>;
  }
}

declare module 'kafkajs/src/consumer/batch.js' {
  import type { FetchedMessage, FetchedPartition } from 'kafkajs/src/cluster/index.js';
  /** What was fetched, without control records and aborted transactions. */
  export default class Batch {
    constructor(topic: string, fetchedOffset: string, fetched: FetchedPartition);
    readonly messages: FetchedMessage[];
  }
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
