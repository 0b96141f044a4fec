/** Pictures of every page in `reports/screenshots`, for people to look at; and a check that the README's picture is of an existing page. */
import { mkdirSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { looking, openBoth, type Served } from './browser.js';
import { everyPage, going, pagesInTurn } from './pages.js';
import { roles, signedIn, tokensOf, type Cookies, type Role } from './people.js';
import { photographProgramme, pictureOfReadme } from './picture.js';

const folder = 'reports/screenshots';

describe('a picture', () => {
  let browser: Browser;
  let ledger: Served;
  let cookies: Readonly<Record<Role, Cookies>>;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    [browser, ledger] = await openBoth('demo');
    cookies = await signedIn(browser, ledger.url, await tokensOf(ledger.folder));
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  it.each([
    ['desktop', { viewport: { width: 1_280, height: 900 } }, everyPage],
    ['narrow', { viewport: { width: 390, height: 844 } }, pagesInTurn],
    [
      'dark',
      { viewport: { width: 1_280, height: 900 }, colorScheme: 'dark' as const },
      pagesInTurn.filter(({ as, language }) => as !== undefined || language === 'en'),
    ],
  ])('is taken of every page, %s', async (kind, options, pages) => {
    for (const who of [undefined, ...roles])
      await looking(browser, { ...options, ...(who && { storageState: cookies[who] }) }, async ({ page }) => {
        for (const { name, language, open } of pages.filter(({ as }) => as === who)) {
          await open(page, going(page, ledger.url, language));
          const file = `${folder}/${name}-${language}-${kind}.png`;
          await page.screenshot({ path: file, fullPage: true });
          expect(statSync(file).size).toBeGreaterThan(1_000);
        }
      });
  });

  it('for the README can be taken again, and is small', async () => {
    const taken = `${folder}/programme-page.png`;
    await photographProgramme(browser, ledger.url, taken);
    for (const file of [taken, pictureOfReadme]) expect([file, statSync(file).size <= 150_000]).toEqual([file, true]);
  });
});
