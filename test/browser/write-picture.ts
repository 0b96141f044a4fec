/** `npm run picture`: takes the picture of the README anew. */
import { openBrowser, serveLedger } from './browser.js';
import { photographProgramme, pictureOfReadme } from './picture.js';

const [browser, ledger] = await Promise.all([openBrowser(), serveLedger('demo')]);
try {
  await photographProgramme(browser, ledger.url, pictureOfReadme);
} finally {
  await browser.close();
  await ledger.close();
}
