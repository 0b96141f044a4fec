/** The system's Chromium, driven by playwright-core, and the ledger whose pages it looks at. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Response,
} from 'playwright-core';
import { chromium } from '../../services/tools.js';
import { startLedger, temporaryFolder, type LedgerProcess } from '../support/ledger-process.js';
import { patience } from '../support/patience.js';

/** The program's path, as a shell finds it. */
function programPath(): string {
  const program = chromium();
  if (program.includes('/')) return resolve(program);
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? program;
}

export function openBrowser(): Promise<Browser> {
  // Fonts without hinting give the same picture on every machine that has the fonts.
  return playwright.launch({ executablePath: programPath(), args: ['--font-render-hinting=none', '--disable-dev-shm-usage'] });
}

/** A page of its own in a new window. Everything it asks for is noted in `requested`; `document` is the HTML of what it shows. */
export type Looking = { context: BrowserContext; page: Page; requested: string[]; document: () => Promise<Buffer> };
export async function look(browser: Browser, options: BrowserContextOptions = {}): Promise<Looking> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(patience);
  const requested: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  const page = await context.newPage();
  let shown: Response | undefined;
  page.on('response', (response) => {
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame() && !isRedirect) shown = response;
  });
  return { context, page, requested, document: async () => (await shown?.body()) ?? Buffer.alloc(0) };
}

/** Looks at pages in a new window, and closes it. */
export async function looking<T>(browser: Browser, options: BrowserContextOptions, use: (looking: Looking) => Promise<T>): Promise<T> {
  const opened = await look(browser, options);
  try {
    return await use(opened);
  } finally {
    await opened.context.close();
  }
}

/** A ledger in a folder of its own. */
export type Served = { url: string; folder: string; close: () => Promise<void> };

/** Serves a new ledger: the demo's, or one without a record. */
export async function serveLedger(what: 'demo' | 'serve'): Promise<Served> {
  const folder = await temporaryFolder();
  const ledger: LedgerProcess = await startLedger(folder.path, {}, [what, '--data', folder.path]);
  return {
    url: ledger.url,
    folder: folder.path,
    close: async () => {
      await ledger.stop();
      await folder.remove();
    },
  };
}

/** A browser, and a new ledger to look at. Neither stays open if the other fails to start. */
export async function openBoth(what: 'demo' | 'serve'): Promise<[Browser, Served]> {
  const ledger = await serveLedger(what);
  try {
    return [await openBrowser(), ledger];
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
