/** Titles and payees that somebody wrote in bad faith stay text, and break no page. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { clientsFor, thisYear } from '../support/programme.js';
import { looking, openBrowser, serveLedger, type Served } from './browser.js';
import { cutOff } from './cut-off.js';

const hostile = {
  'a script': '<script>window.broken = true</script><img src=x onerror="window.broken = true">',
  quotes: `"'><svg onload="window.broken = true">&quot;&#39;{{7*7}}\${7*7}`,
  'marks of another direction': '\u202Egnirts desrever\u2066 \u200Fשלום \u061Cمرحبا',
  'no space': 'x'.repeat(500),
} as const;

describe.each(Object.entries(hostile))('a text with %s', (_what, text) => {
  let browser: Browser;
  let ledger: Served;
  const paths = [
    '/',
    '/p/p',
    '/p/p/initiatives',
    '/p/p/i/i',
    `/p/p/compare?from=${thisYear - 1}-12-31&to=${thisYear}-12-31`,
    '/embed/p/p',
    '/embed/p/p/i/i',
  ];
  beforeAll(async () => {
    [browser, ledger] = await Promise.all([openBrowser(), serveLedger('serve')]);
    const { admin, finance, ministry } = await clientsFor(ledger.url, ledger.folder);
    const to = '/programmes/p';
    const establishing = { title: { en: text }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
    const proposing = {
      initiative: 'i',
      title: { en: text },
      authority: 'ministry-of-justice',
      authorityName: text,
      region: text.slice(0, 200),
    };
    const amounts = { fiscalYear: thisYear, amount: '900000000000000' };
    const sent = [
      await admin.put(to, establishing),
      await finance.post(`${to}/appropriations`, { ...amounts, legalBasis: text }),
      await ministry.post(`${to}/initiatives`, proposing),
      await finance.post(`${to}/initiatives/i/funding`, { fundingId: 'F-1', ...amounts }),
      await ministry.post(`${to}/initiatives/i/spending`, { transactionId: 'T-1', amount: '12345', payee: text, description: text }),
    ];
    expect(sent.map((answer) => [answer.status, answer.status === 201 ? '' : answer.text])).toEqual(sent.map(() => [201, '']));
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  it.each(paths)('stays text on %s', async (path) => {
    await looking(browser, {}, async ({ page }) => {
      const broken: string[] = [];
      page.on('dialog', (dialog) => void dialog.dismiss());
      page.on('pageerror', (error) => broken.push(error.message));
      await page.goto(ledger.url + path);
      expect(await page.evaluate(() => Reflect.get(window, 'broken') as unknown)).toBeUndefined();
      expect(await page.locator('main img, main script, main svg[onload]').count()).toBe(0);
      const shown = await page.locator('main').evaluate((main) => main.textContent);
      expect(shown).toContain(text);
      expect(broken).toEqual([]);
    });
  });

  it.each(paths)('breaks no line of %s in a narrow window', async (path) => {
    await looking(browser, { viewport: { width: 320, height: 640 } }, async ({ page }) => {
      await page.goto(ledger.url + path);
      await page.evaluate(() => {
        document.querySelectorAll('details').forEach((details) => (details.open = true));
      });
      expect(await cutOff(page)).toEqual([]);
    });
  });
});
