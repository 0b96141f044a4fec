/** A real Kafka (KRaft) without Docker: one node, or several. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
// Corrects a timer of kafkajs, which otherwise warns of a negative delay in every process that connects.
import '../libs/kafka-client/connection.js';
import { classPath } from './jars.js';
import { freePort, listening, startingWithin, startJava, type ServerProcess } from './server-process.js';

const run = promisify(execFile);

export type KafkaNode = { readonly id: number; readonly port: number; process: ServerProcess; start(): Promise<void> };
export type KafkaCluster = {
  /** Addresses of every node. */
  brokers: string[];
  /** The same over TLS and SASL, if requested. */
  securely: string[];
  nodes: KafkaNode[];
  stop(): Promise<void>;
};

export type KafkaOptions = {
  /** The folder of its files; existing data stays. */
  folder: string;
  nodes?: number;
  /** The first port for clients; free ports if absent. */
  port?: number;
  /** Also listens over TLS and SASL (PLAIN, SCRAM-SHA-256 and -512). */
  secure?: SecureListener;
};
/** A PKCS #12 file with the brokers' key and certificate, and the one name and password that they accept. */
export type SecureListener = { keystore: string; keystorePassword: string; username: string; password: string };

/** Starts a cluster and waits until every node has joined it. */
export async function startKafka({ folder, nodes: count = 1, port, secure }: KafkaOptions): Promise<KafkaCluster> {
  const jars = await classPath();
  const ports = [];
  for (let index = 0; index < count; index++)
    ports.push({
      id: index + 1,
      client: port === undefined ? await freePort() : port + index * 2,
      controller: port === undefined ? await freePort() : port + index * 2 + 1,
      secure: secure && { ...secure, port: await freePort() },
    });
  const voters = ports.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
  const nodes: KafkaNode[] = [];
  for (const { id, client, controller, secure: listener } of ports) {
    const home = join(folder, `kafka-${id}`);
    await mkdir(home, { recursive: true });
    const file = join(home, 'server.properties');
    await writeFile(file, propertiesOf({ id, client, controller, voters, home, count, secure: listener }));
    const scram = secure
      ? ['256', '512'].flatMap((bits) => ['--add-scram', `SCRAM-SHA-${bits}=[name=${secure.username},password=${secure.password}]`])
      : [];
    const format = ['format', '-t', 'aW5pdGlhdGl2ZS1sZWRnZQ', '-c', file, '--ignore-formatted', ...scram];
    await run('java', ['-cp', jars, 'kafka.tools.StorageTool', ...format]);
    const launch = () =>
      startJava(['-Xmx512m', '-Xms256m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', jars, 'kafka.Kafka', file]);
    let process = launch();
    nodes.push({
      id,
      port: client,
      get process() {
        return process;
      },
      async start() {
        process = launch();
        await listening(client, process.failed);
      },
    });
  }
  const brokers = ports.map(({ client }) => `127.0.0.1:${client}`);
  await joined(brokers, count);
  return {
    brokers,
    securely: ports.flatMap(({ secure: listener }) => (listener ? [`127.0.0.1:${listener.port}`] : [])),
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.process.end()));
    },
  };
}

/** Waits until `count` nodes form one cluster. */
export async function joined(brokers: string[], count: number): Promise<void> {
  const admin = new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { retries: 200, initialRetryTime: 100, maxRetryTime: 300 },
  }).admin();
  await admin.connect();
  try {
    for (const end = Date.now() + startingWithin; (await admin.describeCluster()).brokers.length < count;)
      if (Date.now() > end) throw new Error(`not all of ${count} nodes have joined after ${startingWithin} ms`);
  } finally {
    await admin.disconnect();
  }
}

type Properties = {
  id: number;
  client: number;
  controller: number;
  voters: string;
  home: string;
  count: number;
  secure: (SecureListener & { port: number }) | undefined;
};

function propertiesOf({ id, client, controller, voters, home, count, secure }: Properties): string {
  const copies = Math.min(3, count);
  const securely = secure ? `,SECURE://127.0.0.1:${secure.port}` : '';
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `CLIENTS://127.0.0.1:${client},QUORUM://127.0.0.1:${controller}${securely}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${client}${securely}`,
    'controller.listener.names': 'QUORUM',
    'inter.broker.listener.name': 'CLIENTS',
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,QUORUM:PLAINTEXT,SECURE:SASL_SSL',
    'log.dirs': join(home, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': Math.max(1, copies - 1),
    'transaction.state.log.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    'broker.session.timeout.ms': 6_000,
    ...(secure && securityOf(secure)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function securityOf({ keystore, keystorePassword, username, password }: SecureListener): Record<string, string> {
  const module = (name: string) => `org.apache.kafka.common.security.${name}LoginModule required`;
  const scram = Object.fromEntries(
    ['256', '512'].map((bits) => [`listener.name.secure.scram-sha-${bits}.sasl.jaas.config`, `${module('scram.Scram')};`]),
  );
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keystore,
    'ssl.keystore.password': keystorePassword,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.secure.plain.sasl.jaas.config': `${module('plain.Plain')} user_${username}="${password}";`,
    ...scram,
  };
}
