/**
 * Every page keeps the standards: accessibility (WCAG 2.2 AA), valid HTML, reflow at 400 %, print, and a size for slow connections. Each page is loaded
 * once and looked at in every way; a failure names the way.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults, RunOptions } from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Browser, Page } from 'playwright-core';
import { look, openBoth, type Looking, type Served } from './browser.js';
import { cutOff } from './cut-off.js';
import { pagesInTurn, going } from './pages.js';
import { roles, signedIn, tokensOf, type Role } from './people.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

/** What axe finds, each with the first element that has the fault. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(
    (asked) => (Reflect.get(window, 'axe') as { run: (options: unknown) => Promise<AxeResults> }).run(asked),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)} ${nodes[0]?.failureSummary ?? ''}`);
}

const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
async function invalid(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message, column }) => `${ruleId}: ${message} (column ${column})`));
}

/** The things that a printed page has and must not have. */
async function printedInVain(page: Page): Promise<string[]> {
  const navigation: string[] = [];
  for (const nothing of ['nav', 'form', '.ds-skip-link', 'summary'])
    if ((await page.locator(nothing).filter({ visible: true }).count()) > 0) navigation.push(nothing);
  const tables = await page.evaluate(() => [...document.querySelectorAll('table')].filter((one) => one.offsetWidth > innerWidth).length);
  return [...navigation, ...(tables > 0 ? ['a table that is wider than the paper'] : []), ...(await cutOff(page))];
}

const everythingOpened = (page: Page) =>
  page.evaluate(() => {
    document.querySelectorAll('details').forEach((details) => (details.open = true));
  });

const desktop = { width: 1_280, height: 1_024 };
const phone = { width: 390, height: 844 };
/** 1280 px at 400 % leave 320 (WCAG 2.2, 1.4.10). */
const at400Percent = { width: 320, height: 256 };
/** A4 on its side with margins of 1 cm, at 96 px an inch. */
const paper = { width: 1_047, height: 718 };

describe('every page', () => {
  let browser: Browser;
  let ledger: Served;
  /** A window of each role, and one of nobody. */
  const windows = new Map<Role | undefined, Looking>();
  beforeAll(async () => {
    [browser, ledger] = await openBoth('demo');
    // The pages' own policy keeps every script out but theirs; axe is let in past it.
    const cookies = await signedIn(browser, ledger.url, await tokensOf(ledger.folder));
    for (const role of [undefined, ...roles])
      windows.set(role, await look(browser, { bypassCSP: true, ...(role && { storageState: cookies[role] }) }));
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  it.each(pagesInTurn)('keeps the standards: $name in $language', async ({ as, language, open }) => {
    const { page, requested, document } = windows.get(as)!;
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await page.setViewportSize(desktop);
    requested.length = 0;
    await open(page, going(page, ledger.url, language));
    const html = await document();
    await page.evaluate(axe);
    // Details open without animation: axe must not measure while they move.
    await page.addStyleTag({ content: '*, ::details-content { transition: none !important; }' });
    const found: Record<string, string[]> = { html: await invalid(html.toString()), light: await faults(page) };
    await page.emulateMedia({ colorScheme: 'dark' });
    found['dark'] = await faults(page);
    await page.emulateMedia({ colorScheme: 'light', media: 'print' });
    await page.setViewportSize(paper);
    found['print'] = await printedInVain(page);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(phone);
    await everythingOpened(page);
    found['phone'] = await faults(page);
    await page.setViewportSize(at400Percent);
    found['400 %'] = await cutOff(page);
    found['elsewhere'] = requested.filter((address) => !address.startsWith(`${ledger.url}/`) && !address.startsWith('data:'));
    expect(found).toEqual({ html: [], light: [], dark: [], print: [], phone: [], '400 %': [], elsewhere: [] });
    expect(html.length).toBeLessThanOrEqual(100_000);
    expect(requested.length).toBeGreaterThan(1);
  });
});
