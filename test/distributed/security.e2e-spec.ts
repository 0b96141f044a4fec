/** Connections to Kafka over TLS and SASL, by the settings of every process. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { ConfigurationError, readConfiguration } from '../../apps/configuration.js';
import { isFinal, kafkaConnection, topicOptions } from '../../apps/connections.js';
import { openKafkaEventLog, readKafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { AccessRefused, withAdmin } from '../../libs/kafka-client/admin.js';
import { checkBrokers, TopicRefused } from '../../libs/event-log/kafka/topics.js';
import { start, type Entry } from '../../libs/event-log/ports.js';
import { startKafka, type KafkaCluster } from '../../services/kafka.js';
import { runLedger } from '../support/ledger-process.js';

const { ConfigResourceTypes } = kafkajs;
const run = promisify(execFile);
const password = 'marked-7d20c5';
let folder: string;
let kafka: KafkaCluster;

/** A key with a certificate for this machine: the store for brokers, and the certificate for clients. */
async function makeCertificate(name: string): Promise<{ keystore: string; certificate: string }> {
  const [keystore, certificate] = [join(folder, `${name}.p12`), join(folder, `${name}.pem`)];
  const store = ['-alias', name, '-storetype', 'PKCS12', '-keystore', keystore, '-storepass', password];
  const made = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', `CN=${name}`, '-ext', 'san=ip:127.0.0.1', '-validity', '30'];
  await run('keytool', ['-genkeypair', ...store, ...made]);
  await run('keytool', ['-exportcert', '-rfc', '-file', certificate, ...store]);
  return { keystore, certificate };
}

let own: { keystore: string; certificate: string };
let other: { keystore: string; certificate: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-security-'));
  [own, other] = await Promise.all([makeCertificate('broker'), makeCertificate('another')]);
  const secure = { keystore: own.keystore, keystorePassword: password, username: 'ledger', password };
  kafka = await startKafka({ folder, secure });
});
afterAll(async () => {
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
});

const settings = (more: Record<string, string> = {}) => ({
  EVENT_LOG: `kafka://${kafka.securely.join(',')}/t-${randomUUID()}`,
  KAFKA_PARTITIONS: '1',
  KAFKA_REPLICATION: '1',
  KAFKA_MIN_IN_SYNC: '1',
  KAFKA_TLS: 'true',
  KAFKA_CA_FILE: own.certificate,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'ledger',
  KAFKA_SASL_PASSWORD: password,
  ...more,
});
const opened = (more?: Record<string, string>) => {
  const configuration = readConfiguration(settings(more));
  return openKafkaEventLog(kafkaConnection(configuration, 'test'), topicOptions(configuration));
};
const failureOf = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('Kafka over TLS and SASL', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'is written to and read by the settings of every process, by %s',
    async (mechanism) => {
      const configuration = readConfiguration(settings({ KAFKA_SASL_MECHANISM: mechanism }));
      const log = await openKafkaEventLog(kafkaConnection(configuration, 'test'), topicOptions(configuration));
      const writer = await log.acquire(0);
      const bytes = new TextEncoder().encode('{"type":"Test"}');
      await writer.append([{ kind: 'record', bytes, programme: 'p', position: 1 }]);
      await log.close();
      const read: Entry[] = [];
      for await (const entries of (await readKafkaEventLog(kafkaConnection(configuration, 'test'))).read(0, start)) read.push(...entries);
      expect(read.map((entry) => new TextDecoder().decode(entry.bytes))).toEqual(['{"type":"Test"}']);
    },
  );

  it('ends a process at once, and clearly, if the password is wrong', async () => {
    const error = await failureOf(opened({ KAFKA_SASL_PASSWORD: 'marked-wrong-41' }));
    expect(error).toBeInstanceOf(AccessRefused);
    expect(isFinal(error)).toBe(true);
    const ended = await runLedger(['export'], { ...settings({ KAFKA_SASL_PASSWORD: 'marked-wrong-41' }), LOG_LEVEL: 'trace' });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/Kafka refuses the user name or password: .*authentication.*KAFKA_SASL_PASSWORD/i);
    expect(ended.stdout + ended.stderr).not.toMatch(/marked-/);
  });

  it('is not spoken to if its certificate is of another authority', async () => {
    const error = await failureOf(opened({ KAFKA_CA_FILE: other.certificate }));
    expect(String(error)).toMatch(/certificate/);
  });

  it('is said if its certificate or the password is not accepted', async () => {
    const untrusted = await runLedger(['export'], settings({ KAFKA_CA_FILE: other.certificate }));
    expect([untrusted.code, untrusted.stderr]).toEqual([2, expect.stringMatching(/certificate/)]);
    const unknown = await runLedger(['export'], settings({ KAFKA_SASL_USERNAME: 'nobody' }));
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/authentication/i)]);
  });

  it.each([
    [
      'a mechanism without a name',
      { KAFKA_SASL_USERNAME: '' },
      /set KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD all, or none/,
    ],
    ['a mechanism without a password', { KAFKA_SASL_PASSWORD: '' }, /all, or none/],
    ['a password without a mechanism', { KAFKA_SASL_MECHANISM: '' }, /all, or none/],
    ['certificates without TLS', { KAFKA_TLS: 'false' }, /set KAFKA_TLS to true/],
  ])('is not configured by %s', (_what, more, says) => {
    const connect = () => kafkaConnection(readConfiguration(settings(more)), 'test');
    expect(connect).toThrow(ConfigurationError);
    expect(connect).toThrow(says);
  });
});

describe('brokers that could lose how a transaction ended', () => {
  const connection = () => kafkaConnection(readConfiguration(settings()), 'test');

  it('are refused if they keep fewer copies than there are to be', async () => {
    const error = await failureOf(checkBrokers(connection(), { partitions: 1, replication: 3, minInSync: 2 }));
    expect(error).toBeInstanceOf(TopicRefused);
    expect(String(error)).toMatch(/__transaction_state has 1 copies, not 3: .*; transaction\.state\.log\.min\.isr is 1, not at least 2/);
  });

  it('are refused if they do not check whose transaction a record is of', async () => {
    const verify = (value: string) =>
      withAdmin(connection(), (admin) =>
        admin.alterConfigs({
          validateOnly: false,
          resources: [
            {
              type: ConfigResourceTypes.BROKER,
              name: '1',
              configEntries: [{ name: 'transaction.partition.verification.enable', value }],
            },
          ],
        }),
      );
    await verify('false');
    const error = await failureOf(opened());
    expect(error).toBeInstanceOf(TopicRefused);
    expect(String(error)).toMatch(/transaction\.partition\.verification\.enable is false, not true/);
    await verify('true');
    await (await opened()).close();
  });
});
