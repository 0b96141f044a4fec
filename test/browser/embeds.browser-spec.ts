/** Another site shows the card of a programme with the HTML that its page offers, and no other page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { looking, openBoth, type Served } from './browser.js';
import { initiative, pagesOfDemo } from './pages.js';

describe('another site', () => {
  let browser: Browser;
  let ledger: Served;
  let site: Server;
  let html = '';
  beforeAll(async () => {
    [browser, ledger] = await openBoth('demo');
    // The site isolates itself (HTML, cross-origin isolation), the strictest case for a framed page.
    const headers = {
      'content-type': 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    site = createServer((_request, response) => response.writeHead(200, headers).end(`<!doctype html><title>Site</title>${html}`));
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  });
  afterAll(async () => {
    site.close();
    await browser.close();
    await ledger.close();
  });

  const visitSite = async (page: Page, content: string) => {
    html = content;
    await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
  };

  it.each([
    ['a programme', pagesOfDemo['programme']!, 'Digital Kyrgyzstan'],
    ['an initiative', initiative, 'State data centre'],
  ])('shows the card of %s with the HTML that is offered, without a scroll bar', async (_what, path, title) => {
    await looking(browser, {}, async ({ page }) => {
      await page.goto(ledger.url + path);
      await page.locator('summary', { hasText: 'Show this on your own site' }).click();
      await visitSite(page, await page.getByLabel('HTML to copy').inputValue());
      const card = page.frameLocator('iframe');
      await card.getByRole('heading', { name: title }).waitFor();
      const [high, tall] = await card.locator('html').evaluate((root) => [root.clientHeight, root.scrollHeight]);
      expect(tall).toBeLessThanOrEqual(high);
      await page.screenshot({ path: `reports/screenshots/framed-${title.split(' ')[0]}.png` });
    });
  });

  it('can’t frame a whole page', async () => {
    await looking(browser, {}, async ({ page }) => {
      const refused = page.waitForEvent('requestfailed');
      await visitSite(page, `<iframe src="${ledger.url}${initiative}"></iframe>`);
      expect((await refused).failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE');
      expect(await page.frameLocator('iframe').locator('main').count()).toBe(0);
    });
  });
});
