/**
 * Runs before `npm run test:browser`: names all missing programs at once, and fetches the jars of Kafka and of the MongoDB server unless `KAFKA_BROKERS` and
 * `MONGODB_URL` name servers. With `alone`, only the browser is needed.
 */
import { classPath } from './jars.js';
import { checkTools, ToolsMissing } from './tools.js';

const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
const startsServers = process.argv[2] !== 'alone' && (KAFKA_BROKERS === '' || MONGODB_URL === '');

try {
  await checkTools('the tests of the pages need', startsServers ? ['chromium', 'java', 'mvn'] : ['chromium']);
  if (startsServers) await classPath();
} catch (error) {
  if (!(error instanceof ToolsMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
