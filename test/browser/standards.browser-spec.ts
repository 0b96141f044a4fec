/** Every page keeps the standards: accessibility (WCAG 2.2 AA), valid HTML, reflow at 400 %, print, and a size that any line carries. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults, RunOptions } from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Browser, Page } from 'playwright-core';
import { looking, openBrowser, serveLedger, type Served } from './browser.js';
import { cutOff } from './cut-off.js';
import { everyPage, inLanguage, pagesOfDemo } from './pages.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

/** What axe finds, each with the first element that has the fault. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (asked) => (Reflect.get(window, 'axe') as { run: (options: unknown) => Promise<AxeResults> }).run(asked),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)} ${nodes[0]?.failureSummary ?? ''}`);
}

let browser: Browser;
let ledger: Served;
beforeAll(async () => {
  [browser, ledger] = await Promise.all([openBrowser(), serveLedger('demo')]);
});
afterAll(async () => {
  await browser.close();
  await ledger.close();
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each(everyPage)('axe finds nothing on the page $name in $language', async ({ path }) => {
    // The pages' own policy keeps every script out but theirs; axe is let in past it.
    await looking(browser, { colorScheme, bypassCSP: true }, async ({ page }) => {
      await page.goto(ledger.url + path);
      expect(await faults(page)).toEqual([]);
    });
  });
});

it.each(Object.entries(pagesOfDemo))('axe finds nothing on a phone on the page %s, with everything opened', async (_name, path) => {
  await looking(browser, { bypassCSP: true, viewport: { width: 390, height: 844 } }, async ({ page }) => {
    await page.goto(ledger.url + inLanguage(path, 'ru'));
    await page.evaluate(() => {
      document.querySelectorAll('details').forEach((details) => (details.open = true));
    });
    expect(await faults(page)).toEqual([]);
  });
});

// 1280 px at 400 % leave 320 (WCAG 2.2, 1.4.10).
it.each(everyPage)('the page $name in $language can be read at 400 % without scrolling sideways', async ({ path }) => {
  await looking(browser, { viewport: { width: 320, height: 256 } }, async ({ page }) => {
    await page.goto(ledger.url + path);
    await page.evaluate(() => {
      document.querySelectorAll('details').forEach((details) => (details.open = true));
    });
    expect(await cutOff(page)).toEqual([]);
  });
});

it.each(everyPage)('the page $name in $language is valid HTML of at most 100 KB, and whole without another host', async ({ path }) => {
  await looking(browser, {}, async ({ page, requested }) => {
    const answer = await page.goto(ledger.url + path);
    const html = (await answer?.body()) ?? Buffer.alloc(0);
    expect(html.length).toBeLessThanOrEqual(100_000);
    const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
    const { results } = await validator.validateString(html.toString());
    const messages = results.flatMap((result) =>
      result.messages.map(({ ruleId, message, line, column }) => ({ ruleId, message, line, column })),
    );
    expect(messages).toEqual([]);
    const elsewhere = requested.filter((address) => !address.startsWith(`${ledger.url}/`) && !address.startsWith('data:'));
    expect(elsewhere).toEqual([]);
  });
});

// A4 with margins of 1 cm at 96 px an inch.
it.each(everyPage)('the page $name in $language is printed without its navigation, and whole', async ({ path }) => {
  await looking(browser, { viewport: { width: 718, height: 1_047 } }, async ({ page }) => {
    await page.goto(ledger.url + path);
    await page.emulateMedia({ media: 'print' });
    for (const nothing of ['nav', 'form', '.ds-skip-link', 'summary'])
      expect([nothing, await page.locator(nothing).filter({ visible: true }).count()]).toEqual([nothing, 0]);
    expect(await page.evaluate(() => [...document.querySelectorAll('table')].filter((one) => one.offsetWidth > innerWidth).length)).toBe(0);
    expect(await cutOff(page)).toEqual([]);
    expect(await page.locator('h1').filter({ visible: true }).count()).toBe(1);
  });
});
