/** A programme's year, told through the pages by the people who live it: with scripts and without, in any ledger. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { looking, type Looking } from '../browser.js';
import { audit } from './auditor.js';
import { findOut, lookFurther } from './citizen.js';
import { correct, lookBack, propose, signInAgain, signOut, spend, spendTwice, upload } from './clerk.js';
import { close, fund, watch } from './finance.js';
import { atWork, establish, type Place } from './place.js';

const [main, second, third] = ['e-notary', 'e-court', 'e-archive'] as const;

/** The story in a programme of its own, in the order in which it happens. */
export function tellStory(programme: string, options: BrowserContextOptions, at: () => { browser: Browser; place: Place }): void {
  const { javaScriptEnabled = true } = options;
  describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    /** Lets somebody use a window of their own, which asks for nothing from elsewhere. */
    const visit = (use: (looking: Looking, place: Place) => Promise<unknown>) => {
      const { browser, place } = at();
      return looking(browser, options, async (window) => {
        await use(window, place);
        expect(window.requested.filter((address) => !address.startsWith(`${place.url}/`) && !address.startsWith('data:'))).toEqual([]);
      });
    };
    beforeAll(() => establish(at().place, programme));

    it('a clerk proposes initiatives', () => visit(({ page }, place) => propose(page, place, programme, [main, second, third])));
    it('finance sees what waits, and funds one and then the others together', () =>
      visit(({ page }, place) => fund(page, place, programme, [main, second, third])));
    it('the clerk records spending, is refused more than there is, and is warned of a double payment', () =>
      visit(({ page }, place) => spend(page, place, programme, main)));
    it('two windows can’t spend the same money; the clerk corrects a payment, and sees the commands sent today', () =>
      visit(async ({ page, context }, place) => {
        await atWork(page, place, 'clerk', programme);
        await spendTwice(page, await context.newPage(), programme, main, place.url);
        await correct(page, programme, main, place.url);
        await lookBack(page, programme, place.url);
      }));
    it('the clerk uploads payments as CSV and as a workbook, once, and signs out', () =>
      visit(async ({ page }, place) => {
        await atWork(page, place, 'clerk', programme);
        await upload(page, programme, second, place.url);
        await signOut(page, place.url);
      }));
    it('a session that ends meanwhile loses nothing that the clerk filled in', () =>
      visit(({ page }, place) => signInAgain(page, place, programme)));
    it('finance sees the initiatives that have spent most of their money and the open money of the year, and closes the last year', () =>
      visit(async ({ page }, place) => {
        await watch(page, place, programme, main, third);
        await close(page, place, programme);
      }));
    it('an auditor finds entries and refusals, and verifies the history', () => visit(({ page }, place) => audit(page, place, programme)));
    it('a citizen finds out how money was spent', () => visit(({ page }, place) => findOut(page, place, programme, main)));
    it('a citizen looks at the past, compares days, embeds a card and changes the language', () =>
      visit(({ page }, place) => lookFurther(page, place, programme, main)));
  });
}
