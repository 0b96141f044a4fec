/** The picture at the beginning of the README. */
import type { Browser } from 'playwright-core';
import { looking } from './browser.js';
import { inLanguage } from './languages.js';
import { pagesOfDemo } from './pages.js';

export const pictureOfReadme = 'docs/programme-page.png';

/** Photographs the top of the demo's programme page in English. */
export async function photographProgramme(browser: Browser, url: string, file: string): Promise<void> {
  await looking(browser, { viewport: { width: 1_200, height: 1_180 } }, async ({ page }) => {
    await page.goto(url + inLanguage(pagesOfDemo['programme'] ?? '/', 'en'));
    await page.screenshot({ path: file });
  });
}
