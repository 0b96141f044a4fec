/** Connections to Kafka and MongoDB as configured, for every process but the embedded ledger. */
import { ConfigurationError, type Configuration } from './configuration.js';
import { kafkaAddressIn, KafkaConnection, type KafkaSecurity } from '../libs/kafka-client/connection.js';
import { AccessRefused } from '../libs/kafka-client/admin.js';
import { TopicRefused, type TopicOptions } from '../libs/event-log/kafka/topics.js';
import { openMongoReadModels, type MongoReadModels } from '../libs/read-models/mongodb/mongo-read-models.js';

/** @throws {ConfigurationError} the event log is not on Kafka, or the settings of its access contradict each other */
export function kafkaConnection(configuration: Configuration, process: string): KafkaConnection {
  const { EVENT_LOG, INSTANCE } = configuration;
  if (!EVENT_LOG.startsWith('kafka:'))
    throw new ConfigurationError(
      `this service keeps its events on Kafka: set EVENT_LOG to kafka://broker:9092/initiative, not ${EVENT_LOG}`,
    );
  return new KafkaConnection({ ...kafkaAddressIn(EVENT_LOG), clientId: `${process}-${INSTANCE}`, security: securityOf(configuration) });
}

/** @throws {ConfigurationError} the read models are not in MongoDB */
export function mongoReadModels({ READ_MODELS }: Configuration): MongoReadModels {
  if (!READ_MODELS.startsWith('mongodb'))
    throw new ConfigurationError(
      `this service keeps its read models in MongoDB: set READ_MODELS to mongodb://host:27017/initiative-ledger, not ${READ_MODELS}`,
    );
  return openMongoReadModels(READ_MODELS);
}

export function topicOptions({ KAFKA_PARTITIONS, KAFKA_REPLICATION, KAFKA_MIN_IN_SYNC }: Configuration): TopicOptions {
  return { partitions: KAFKA_PARTITIONS, replication: KAFKA_REPLICATION, minInSync: KAFKA_MIN_IN_SYNC };
}

/** Whether waiting can't resolve an error. */
export function isFinal(error: unknown): boolean {
  return error instanceof TopicRefused || error instanceof AccessRefused || error instanceof ConfigurationError;
}

function securityOf(configuration: Configuration): KafkaSecurity {
  const { KAFKA_TLS, KAFKA_CA_FILE, KAFKA_CERTIFICATE_FILE, KAFKA_KEY_FILE } = configuration;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = configuration;
  // A half-set group of settings would be ignored silently: the connection would be unencrypted or anonymous.
  if (!KAFKA_TLS && [KAFKA_CA_FILE, KAFKA_CERTIFICATE_FILE, KAFKA_KEY_FILE].some((file) => file !== ''))
    throw new ConfigurationError(
      'certificates need TLS: set KAFKA_TLS to true, or leave out KAFKA_CA_FILE, KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE',
    );
  if ((KAFKA_CERTIFICATE_FILE === '') !== (KAFKA_KEY_FILE === ''))
    throw new ConfigurationError('set KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE both, or neither');
  if (isMechanism(mechanism) ? username === '' || password === '' : username !== '' || password !== '')
    throw new ConfigurationError('set KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD all, or none');
  return {
    tls: KAFKA_TLS,
    ...(KAFKA_CA_FILE !== '' && { caFile: KAFKA_CA_FILE }),
    ...(KAFKA_CERTIFICATE_FILE !== '' && { certificateFile: KAFKA_CERTIFICATE_FILE }),
    ...(KAFKA_KEY_FILE !== '' && { keyFile: KAFKA_KEY_FILE }),
    ...(isMechanism(mechanism) && { sasl: { mechanism, username, password } }),
  };
}
type Mechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';
function isMechanism(text: string): text is Mechanism {
  return text === 'plain' || text === 'scram-sha-256' || text === 'scram-sha-512';
}
