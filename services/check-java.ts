/** Ends with one line where the test command could not start Kafka and MongoDB. */
import { checkJava, JavaMissing } from './jars.js';

try {
  await checkJava();
} catch (error) {
  if (!(error instanceof JavaMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
