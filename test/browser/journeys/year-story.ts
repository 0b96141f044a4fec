/** The story of a ministry's year in windows of the four people who live it, in any ledger. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { look, type Looking } from '../browser.js';
import { MinistryYear } from './ministry-year.js';
import type { Place } from './place.js';

/** The story in a programme of its own, in the order in which it happens. */
export function tellMinistryYear(programme: string, at: () => { browser: Browser; place: Place }): void {
  describe('a ministry’s year', () => {
    let windows: readonly Looking[] = [];
    let year: MinistryYear;
    beforeAll(async () => {
      const { browser, place } = at();
      const [clerk, finance, controller, auditor] = await Promise.all([look(browser), look(browser), look(browser), look(browser)]);
      windows = [clerk, finance, controller, auditor];
      const { page } = clerk;
      year = new MinistryYear(place, programme, { clerk: page, finance: finance.page, controller: controller.page, auditor: auditor.page });
      await year.begin();
    });
    afterAll(async () => {
      for (const { context } of windows) await context.close();
    });

    it('begins with money, and with proposals that have indicators and milestones', () => year.propose());
    it('is funded from two sources after a second person withdrew, returned and approved', () => year.fund());
    it('has a contract drawn twice, one drawing reversed, and a milestone moved', () => year.deliver());
    it('takes in money of another initiative, and refuses an overdraw with its figures', () => year.overdraw());
    it('closes with the contract carried over', () => year.close());
    it('ends, and has its result a year later', () => year.finish());
    it('is read by an auditor, as it is and as it was on a past day', () => year.audit());
  });
}
