/** Short-lived admin clients, to inspect and configure topics. */
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './connection.js';

/** Kafka refuses the configured user name or password. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
}

/** @throws {AccessRefused} */
export async function withAdmin<T>(connection: KafkaConnection, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connection.client({ retries: 8, initialRetryTime: 100, maxRetryTime: 1_000 }).admin();
  try {
    await admin.connect();
  } catch (error) {
    if (Error.isError(error) && error.name === 'KafkaJSSASLAuthenticationError')
      throw new AccessRefused(`Kafka refuses the user name or password: ${error.message}; see KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`);
    throw error;
  }
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
