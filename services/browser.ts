/** Runs before `npm run test:browser`: names the browser if it is missing. */
import { checkTools, ToolsMissing } from './tools.js';

try {
  await checkTools('the tests of the pages need', ['chromium']);
} catch (error) {
  if (!(error instanceof ToolsMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
