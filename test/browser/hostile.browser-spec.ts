/** Titles and payees that somebody wrote in bad faith stay text, and break no page. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { clientsFor, type Clients } from '../support/programme.js';
import { thisYear } from '../support/days.js';
import { looking, openBoth, type Served } from './browser.js';
import { cutOff } from './cut-off.js';

const hostile = {
  'a script': '<script>window.broken = true</script><img src=x onerror="window.broken = true">',
  quotes: `"'><svg onload="window.broken = true">&quot;&#39;{{7*7}}\${7*7}`,
  'marks of another direction': '\u202Egnirts desrever\u2066 \u200Fשלום \u061Cمرحبا',
  'no space': 'x'.repeat(500),
} as const;

let browser: Browser;
let ledger: Served;
let clients: Clients;
beforeAll(async () => {
  [browser, ledger] = await openBoth('serve');
  clients = await clientsFor(ledger.url, ledger.folder);
});
afterAll(async () => {
  await browser.close();
  await ledger.close();
});

describe.each(Object.entries(hostile).map(([what, text], index) => ({ what, text, programme: `p-${index}` })))(
  'a text with $what',
  ({ text, programme }) => {
    const page = `/p/${programme}`;
    const days = `from=${thisYear - 1}-12-31&to=${thisYear}-12-31`;
    const paths = ['/', page, `${page}/initiatives`, `${page}/i/i`, `${page}/compare?${days}`, `/embed${page}`, `/embed${page}/i/i`];
    beforeAll(async () => {
      const { admin, finance, ministry } = clients;
      const to = `/programmes/${programme}`;
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
      await clients.anyone.getAt(to, 5);
    });

    it.each(paths)('stays text on %s, and breaks no line of it in a narrow window', async (path) => {
      await looking(browser, { viewport: { width: 320, height: 640 } }, async ({ page }) => {
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await page.goto(ledger.url + path);
        expect(await page.evaluate(() => Reflect.get(window, 'broken') as unknown)).toBeUndefined();
        expect(await page.locator('main img, main script, main svg[onload]').count()).toBe(0);
        expect(await page.locator('main').evaluate((main) => main.textContent)).toContain(text);
        expect(errors).toEqual([]);
        await page.evaluate(() => {
          document.querySelectorAll('details').forEach((details) => (details.open = true));
        });
        expect(await cutOff(page)).toEqual([]);
      });
    });
  },
);
