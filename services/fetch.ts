/**
 * Before `npm run test:services`: names at once every program that is missing, and fetches what Kafka and MongoDB's protocol need. Where `KAFKA_BROKERS`
 * and `MONGODB_URL` name servers it is needed all the same: the specs that stop, kill or cut off servers do that to servers of their own.
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
