/**
 * Fetches what Kafka and MongoDB's protocol need, before tests start them; ends with one line where Java is not there. Where `KAFKA_BROKERS` and
 * `MONGODB_URL` name servers it is needed all the same: the specs that stop, kill or cut off servers do that to servers of their own.
 */
import { classPath, JavaMissing } from './jars.js';

try {
  await classPath();
} catch (error) {
  if (!(error instanceof JavaMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
