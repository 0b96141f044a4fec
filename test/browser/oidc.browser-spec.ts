/** Signing in at an issuer on another site, as a browser with its rules about cookies does it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openProvider, resource, type TestProvider } from '../../libs/web/workspace/oidc/testing/provider.js';
import { startLedger, temporaryFolder, type LedgerProcess } from '../support/ledger-process.js';
import { looking, openBrowser } from './browser.js';
import { freePort } from '../../services/server-process.js';

describe('signing in at an issuer', () => {
  let browser: Browser;
  let provider: TestProvider;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  beforeAll(async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    // To a browser, this name and that address are two sites.
    provider = await openProvider({ clerk: { org: 'ministry-of-justice', role: 'ministry' } }, { host: 'localhost', publicUrl });
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path, {
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      TOKEN_ISSUER: provider.issuer,
      TOKEN_AUDIENCE: 'ledger',
      TOKEN_JWKS_URL: `${provider.issuer}/jwks`,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'ledger',
      OIDC_RESOURCE: resource,
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await ledger.stop();
    await provider.close();
    await folder.remove();
  });

  it('ends on the page that was asked for, without another click', async () => {
    await looking(browser, {}, async ({ page }) => {
      await page.goto(`${ledger.url}/workspace?lang=en`);
      await page.getByRole('link', { name: 'Sign in with your organisation’s account' }).click();
      expect(new URL(page.url()).origin).toBe(provider.issuer);
      await page.fill('input[name=login]', 'clerk');
      await page.fill('input[name=password]', 'any');
      await page.click('button[type=submit]');
      await page.click('button[type=submit]');
      await page.waitForURL(`${ledger.url}/workspace?lang=en`);
      expect(await page.textContent('main')).toContain('clerk');
      const kept = await page.context().cookies(`${ledger.url}/workspace/oidc/callback`);
      expect(kept.map(({ name, sameSite, httpOnly }) => [name, sameSite, httpOnly])).toEqual([['ledger-session', 'Strict', true]]);
    });
  });
});
