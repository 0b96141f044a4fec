/** A process's connection to Kafka. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Kafka, logLevel, type ISocketFactory, type KafkaConfig, type SASLOptions } from 'kafkajs';
import Cluster from 'kafkajs/src/cluster/index.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import defaultSocketFactory from 'kafkajs/src/network/socketFactory.js';

// An idle kafkajs 2.2.4 checks every millisecond for requests to send (kafkajs#1556). This skips the check if none is waiting.
const whenPending: unknown = Object.getOwnPropertyDescriptor(RequestQueue.prototype, 'scheduleCheckPendingRequests')?.value;
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0 && typeof whenPending === 'function') Reflect.apply(whenPending, this, []);
};

/** The address of a ledger: its brokers, and the prefix of its topics, groups and transactional ids. */
export type KafkaAddress = { brokers: string[]; prefix: string };

/** @throws {TypeError} it is not an address; the message gives an example */
export function kafkaAddressIn(url: string): KafkaAddress {
  const [, brokers, prefix] = /^kafka:\/\/([^/]+)\/([a-z0-9][a-z0-9.-]{0,63})$/.exec(url) ?? [];
  const addresses = brokers?.split(',') ?? [];
  if (prefix === undefined || !addresses.every((address) => /^[^:@\s]+:\d{1,5}$/.test(address)))
    throw new TypeError(`an address such as kafka://broker-1:9092,broker-2:9092/initiative, not ${url}`);
  return { brokers: addresses, prefix };
}

/** The configuration of TLS and SASL. Files are in PEM. */
export type KafkaSecurity = {
  tls: boolean;
  /** Certificates of the authority that signed the brokers' certificates; the system's authorities if absent. */
  caFile?: string;
  certificateFile?: string;
  keyFile?: string;
  sasl?: SASLOptions;
};

export type ConnectionOptions = KafkaAddress & {
  /** The name of this process in the brokers' logs. */
  clientId: string;
  security?: KafkaSecurity;
  /** Makes sockets; tests inject faults here. */
  socketFactory?: ISocketFactory;
};

const readCommitted = 1;
const silent: ConstructorParameters<typeof Cluster>[0]['logger'] = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  namespace: () => silent,
};

/** One process's connection to Kafka, which makes all its clients. */
export class KafkaConnection {
  readonly prefix: string;
  /** The open sockets of its clients. */
  private readonly sockets = new Set<Socket>();
  private isClosed = false;
  private readonly config: KafkaConfig & { brokers: string[] };

  constructor(private readonly options: ConnectionOptions) {
    this.prefix = options.prefix;
    this.config = {
      brokers: options.brokers,
      clientId: options.clientId,
      // Otherwise kafkajs logs an error for each retry of a transaction that waits for the previous one.
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      enforceRequestTimeout: true,
      ...securityOf(options.security),
      socketFactory: this.openSocket,
    };
  }

  /**
   * Closes all open sockets, and opens no more. Call it after every client was told to disconnect: kafkajs may connect again after that, if a broker died or a
   * group was joined at that moment, and the process would not end.
   */
  close(): void {
    this.isClosed = true;
    for (const socket of this.sockets) socket.destroy(new Error('the connection to Kafka is closed'));
  }

  /** Makes a client; `retry` bounds how long it tries again before it fails. */
  client(retry: KafkaConfig['retry'] = {}): Kafka {
    return new Kafka({ ...this.config, retry });
  }

  /** Makes a cluster with connections of its own, for requests to single brokers; it asks `brokers` first. */
  cluster(brokers: string[] = this.config.brokers): Cluster {
    const { clientId, ssl, sasl, connectionTimeout, requestTimeout } = this.config;
    return new Cluster({
      brokers,
      clientId: clientId ?? 'initiative-ledger',
      ...(ssl !== undefined && { ssl }),
      ...(sasl && { sasl }),
      ...(connectionTimeout !== undefined && { connectionTimeout }),
      ...(requestTimeout !== undefined && { requestTimeout }),
      enforceRequestTimeout: true,
      retry: { retries: 3, initialRetryTime: 50, maxRetryTime: 500 },
      logger: silent,
      socketFactory: this.openSocket,
      metadataMaxAge: 300_000,
      allowAutoTopicCreation: false,
      isolationLevel: readCommitted,
    });
  }

  private readonly openSocket: ISocketFactory = (to) => {
    if (this.isClosed) throw new Error('the connection to Kafka is closed');
    const socket = (this.options.socketFactory ?? defaultSocketFactory())(to);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  };
}

function securityOf(security: KafkaSecurity | undefined): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  if (!security) return {};
  const { tls, caFile, certificateFile, keyFile, sasl } = security;
  return {
    ...(tls && {
      ssl: {
        ...(caFile !== undefined && { ca: [readFileSync(caFile)] }),
        ...(certificateFile !== undefined && { cert: readFileSync(certificateFile) }),
        ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
      },
    }),
    ...(sasl && { sasl }),
  };
}

/** The names in Kafka's protocol of an error and its causes. */
export function errorTypes(error: unknown): string[] {
  const types: string[] = [];
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth++) {
    if ('type' in at && typeof at.type === 'string') types.push(at.type);
    at = ('cause' in at ? at.cause : undefined) ?? ('originalError' in at ? at.originalError : undefined);
  }
  return types;
}

/** Whether a retry is useless, because the broker would refuse again. Other errors may pass while leaders move and connections are made again. */
export function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && 'retriable' in error && error.retriable === false;
}

/** The message of an error. */
export function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
