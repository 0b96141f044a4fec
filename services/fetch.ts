/**
 * Runs before `npm run test:services`: names all missing programs at once, and fetches the jars of Kafka and of the MongoDB server. It is needed even if
 * `KAFKA_BROKERS` and `MONGODB_URL` name servers: specs that stop, kill or disconnect servers start their own.
 */
import { classPath } from './jars.js';
import { checkTools, ToolsMissing } from './tools.js';

try {
  await checkTools('the tests of Kafka, MongoDB and power loss need', ['java', 'mvn', 'strace']);
  await classPath();
} catch (error) {
  if (!(error instanceof ToolsMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
