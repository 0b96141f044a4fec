/** Pages that are open follow the ledger. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { clientsFor, fundInitiative, type Clients } from '../support/programme.js';
import { looking, openBoth, type Served } from './browser.js';

describe('an open page', () => {
  let browser: Browser;
  let ledger: Served;
  let clients: Clients;
  beforeAll(async () => {
    [browser, ledger] = await openBoth('serve');
    clients = await clientsFor(ledger.url, ledger.folder);
    await fundInitiative(clients, '100000');
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  it('shows a ministry’s new record without being loaded again', async () => {
    await looking(browser, {}, async ({ page }) => {
      await page.goto(`${ledger.url}/p/p/i/i`);
      await page.evaluate(() => (document.body.dataset['loaded'] = 'once'));
      await page.locator('summary', { hasText: 'Show the past' }).click();
      expect(await page.locator('.timeline > li').count()).toBe(2);

      await page.locator('h1').click();
      const sent = await clients.ministry.post('/programmes/p/initiatives/i/spending', {
        transactionId: 'T-1',
        amount: '12345',
        payee: 'Live',
      });
      expect(sent.status).toBe(201);
      await page.locator('.timeline > li', { hasText: 'Live' }).waitFor();
      expect(await page.locator('.timeline > li').count()).toBe(3);
      expect(await page.locator('body').getAttribute('data-loaded')).toBe('once');
      // What the reader had opened stays open.
      expect(await page.locator('.past details').getAttribute('open')).not.toBeNull();
    });
  });
});
