/** `npm run picture`: takes the picture of the README anew. */
import { openBoth } from './browser.js';
import { photographProgramme, pictureOfReadme } from './picture.js';

const [browser, ledger] = await openBoth('demo');
try {
  await photographProgramme(browser, ledger.url, pictureOfReadme);
} finally {
  await browser.close();
  await ledger.close();
}
