/** A citizen finds out how a ministry spent its money, with scripts and without. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { looking, openBoth, type Served } from './browser.js';
import { pagesOfDemo } from './pages.js';

let browser: Browser;
let ledger: Served;
beforeAll(async () => {
  [browser, ledger] = await openBoth('demo');
});
afterAll(async () => {
  await browser.close();
  await ledger.close();
});

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('a citizen %s', (_with, javaScriptEnabled) => {
  const visit = (path: string, use: (page: import('playwright-core').Page) => Promise<void>) =>
    looking(browser, { javaScriptEnabled }, async ({ page, requested }) => {
      await page.goto(ledger.url + path);
      await use(page);
      expect(requested.filter((address) => !address.startsWith(`${ledger.url}/`) && !address.startsWith('data:'))).toEqual([]);
    });

  it('goes from the programmes to a programme, its initiatives, one of them, and one of its entries', async () => {
    await visit('/', async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Digital Kyrgyzstan' }).click();
      await page.getByRole('heading', { level: 1, name: 'Digital Kyrgyzstan' }).waitFor();
      await page.getByRole('link', { name: 'All initiatives' }).click();
      await page.getByRole('heading', { level: 1, name: 'Initiatives' }).waitFor();

      await page.getByLabel('Search').fill('data centre');
      await page.getByLabel('Order by').selectOption('Most spent');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/q=data\+centre/);
      expect(new URL(page.url()).searchParams.get('sort')).toBe('-spent');
      expect(await page.getByLabel('Search').inputValue()).toBe('data centre');

      await page.getByRole('table').getByRole('link', { name: 'State data centre' }).click();
      await page.getByRole('heading', { level: 1, name: 'State data centre' }).waitFor();
      const entry = page.getByRole('listitem').filter({ hasText: 'Funds returned' });
      expect(await entry.count()).toBe(1);
      await entry.getByRole('link', { name: /^Position/ }).click();
      expect(new URL(page.url()).hash).toMatch(/^#position-\d+$/);
    });
  });

  it('asks for the explanation and the proof of a number, and reads the entries to the last page, which ends at the number', async () => {
    await visit(pagesOfDemo['programme']!, async (page) => {
      await page.getByRole('link', { name: 'Why this number 2023 Returned' }).click();
      await page.getByRole('heading', { level: 1, name: 'Why this number: Returned' }).waitFor();
      const figure = await page.locator('.explained data').getAttribute('value');
      expect(figure).toBe('20000000000');
      const effects: number[] = [];
      for (;;) {
        effects.push(
          ...(await page
            .locator('#effects ~ div tbody td data[value]:not(.money)')
            .evaluateAll((all) => all.map((one) => Number(one.getAttribute('value'))))),
        );
        const next = page.getByRole('link', { name: 'Next page' });
        if ((await next.count()) === 0) break;
        await next.click();
        await page.getByText('Brought forward from the pages before').waitFor();
      }
      expect(String(effects.reduce((sum, effect) => sum + effect, 0))).toBe(figure);
      const total = page.getByRole('row').filter({ hasText: 'Total' }).locator('data');
      expect(await total.getAttribute('value')).toBe(figure);
      await page.getByRole('link', { name: 'What this proves, and what it does not' }).click();
      await page.getByRole('heading', { level: 1, name: 'What can be proved, and what cannot' }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'Funds returned' }).first().click();
      await page.waitForURL(/\/entries\/\d+$/);
    });
  });

  it('filters by status and authority, sorts by spending, and turns the page', async () => {
    await visit(pagesOfDemo['initiatives']!, async (page) => {
      const rows = page.getByRole('table').getByRole('row');
      await page.getByLabel('Status').selectOption('Finalized');
      await page.getByLabel('Order by').selectOption('Most spent');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/status=finalized/);
      expect(await rows.count()).toBe(51);
      const spent = await page
        .locator('tbody tr td:nth-child(5) data')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('value')));
      const amounts = spent.map(Number);
      expect(amounts).toEqual(amounts.toSorted((one, other) => other - one));
      expect(await page.locator('tbody .ds-tag').allTextContents()).toEqual(Array.from({ length: 50 }, () => 'Finalized'));

      const first = await page.locator('tbody th a').first().textContent();
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'First page' }).waitFor();
      expect(await page.locator('tbody th a').first().textContent()).not.toBe(first);
      expect(new URL(page.url()).searchParams.get('status')).toBe('finalized');
    });
  });

  it('looks at the past on both dates, and keeps it from page to page', async () => {
    await visit(pagesOfDemo['programme']!, async (page) => {
      await page.locator('summary', { hasText: 'Show the past' }).click();
      await page.getByLabel('What had happened by').fill('2023-12-31');
      await page.getByLabel('What was recorded by the end of').fill('2024-01-31');
      await page.getByRole('button', { name: 'Show – Show the past' }).click();
      const shown = page.getByText('What had happened by 31 December 2023 and was recorded by the end of 31 January 2024.');
      const shownInEnglish = page.getByText(/What had happened by .*2023.* and was recorded by the end of .*2024/);
      await shownInEnglish.first().waitFor();
      expect(await shown.or(shownInEnglish).count()).toBeGreaterThan(0);
      await page.getByRole('link', { name: 'Ministry of Justice' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Initiatives' }).waitFor();
      const { searchParams } = new URL(page.url());
      expect([searchParams.get('happened'), searchParams.get('known')]).toEqual(['2023-12-31', '2024-01-31']);
      await page.locator('tbody th a').first().click();
      await shownInEnglish.first().waitFor();
      await page.getByRole('link', { name: 'Show today' }).click();
      await page.waitForURL((url) => !url.searchParams.has('happened') && !url.searchParams.has('known'));
    });
  });

  it('changes the language and stays on the page, with the search', async () => {
    await visit(pagesOfDemo['initiatives-found']!, async (page) => {
      await page.getByRole('link', { name: 'Кыргызча' }).click();
      await page.getByRole('heading', { level: 1, name: 'Демилгелер' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('ky');
      expect(await page.locator('#q').inputValue()).toBe('data');
      await page.getByRole('table').getByRole('link').first().click();
      expect(await page.locator('html').getAttribute('lang')).toBe('ky');
      await page.getByRole('link', { name: 'Русский' }).click();
      await page.getByRole('heading', { level: 2, name: 'Деньги' }).waitFor();
    });
  });

  it('compares two days, and follows a day to the programme as of then', async () => {
    await visit(pagesOfDemo['programme']!, async (page) => {
      await page.getByRole('link', { name: 'Compare two days' }).click();
      await page.getByLabel('First day').fill('2023-12-31');
      await page.getByLabel('Second day').fill('2024-03-31');
      await page.getByRole('button', { name: 'Compare' }).click();
      const row = page
        .locator('table')
        .first()
        .getByRole('row', { name: /^Returned/ });
      await row.waitFor();
      const [, before, after, change] = (await row.locator('th, td').allTextContents()).map((text) =>
        Number(text.replaceAll(/[^\d.-]/g, '')),
      );
      expect(after! - before!).toBeCloseTo(change!);
      expect(change).toBeGreaterThan(0);
      await page.locator('table').first().locator('thead a').first().click();
      await page
        .getByText(/What had happened by .*2023/)
        .first()
        .waitFor();
    });
  });
});
