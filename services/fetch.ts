/** Fetches what Kafka and MongoDB's protocol need, before tests start them; ends with one line where Java is not there. */
import { classPath, JavaMissing } from './jars.js';

try {
  await classPath();
} catch (error) {
  if (!(error instanceof JavaMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
