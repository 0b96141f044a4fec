/** The story of one ministry's year, told through the pages: every step is taken in the workspace by the person whose step it is, and read by an auditor. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { thisYear } from '../../support/days.js';
import { textOf, atWork, check, fact, fillIn, follow, heading, lastYear, record, row, shown, type Place } from './place.js';

/** The windows of those who live the year; `controller` is a second person of finance. */
export type Windows = { readonly clerk: Page; readonly finance: Page; readonly controller: Page; readonly auditor: Page };
type Fields = Readonly<Record<string, string>>;

const [notary, archive] = ['e-notary', 'e-archive'] as const;
const day = (monthAndDay: string) => ({ 'Day it happened': `${lastYear}-${monthAndDay}` });
const yearOf = (year: number) => ({ 'Fiscal year': String(year) });
const budgetLaw = { 'Legal basis': 'Budget law' };

export class MinistryYear {
  constructor(
    private readonly place: Place,
    private readonly programme: string,
    private readonly windows: Windows,
  ) {}

  /** The programme has its terms from the cabinet: two persons sign large funding, and nothing is funded without an indicator. */
  async begin(): Promise<void> {
    const { clients } = this.place;
    const { status } = await clients.admin.put(`/programmes/${this.programme}`, {
      title: { en: `A year of ${this.programme}` },
      currency: 'KGS',
      timeZone: 'UTC',
      ceiling: 'enforced',
      years: 'annual',
      indicators: 'required',
      approvals: [{ command: 'FundInitiative', above: '50000000', role: 'finance' }],
      occurredOn: `${lastYear}-01-01`,
    });
    expect(status).toBe(201);
    const { clerk, finance, controller, auditor } = this.windows;
    await atWork(clerk, this.place, 'clerk', this.programme);
    await atWork(finance, this.place, 'finance', this.programme);
    await atWork(controller, this.place, 'controller', this.programme);
    await atWork(auditor, this.place, 'auditor', this.programme);
  }

  async propose(): Promise<void> {
    const { finance, clerk } = this.windows;
    await this.goHome(finance);
    await follow(finance, 'Grant an appropriation');
    await finance.getByRole('button', { name: 'Add a paper' }).click();
    const paper = { 'Kind of paper': 'Legal act', 'Number or name': '№ 1', 'Address of the file': 'https://cbd.minjust.gov.kg/1' };
    const granted = { ...yearOf(lastYear), Amount: '1 000 000', ...budgetLaw, Kind: 'State budget', ...paper, ...day('01-02') };
    await fillIn(finance, granted);
    // The Enter key checks, as the first button does.
    await finance.getByLabel('Amount').press('Enter');
    await heading(finance, 'Check: Grant an appropriation');
    expect(await textOf(finance)).toContain('Legal act № 1');
    await record(finance);
    await heading(finance, 'Recorded');

    for (const code of [notary, archive]) {
      await this.goHome(clerk);
      await this.send(clerk, 'Propose an initiative', { Code: code, English: code, Sector: '01.3', ...day('01-10') });
    }
    await this.open(finance, archive, 'Fund');
    await follow(finance, 'Fund');
    await fillIn(finance, { ...yearOf(lastYear), Amount: '50 000', ...day('01-20') });
    await check(finance);
    expect(await finance.getByRole('alert').innerText()).toContain('indicator');

    const indicator = { English: 'Acts signed online', Unit: 'percent', 'Value before the initiative': '0', Targets: `${thisYear}: 60` };
    for (const code of [notary, archive])
      await this.sendTo(clerk, code, 'Define an indicator', { ...indicator, 'Own number': 'I-1', ...day('01-11') });
    for (const [number, due] of [
      ['M-1', '06-30'],
      ['M-2', '12-15'],
    ] as const)
      await this.sendTo(clerk, notary, 'Plan a milestone', {
        English: number,
        'Due on': `${lastYear}-${due}`,
        Kind: 'delivery',
        'Own number': number,
        ...day('01-12'),
      });
  }

  /** Much money waits for a second person: one request is withdrawn, one returned, one approved. */
  async fund(): Promise<void> {
    const { finance, controller } = this.windows;
    const fund = { ...yearOf(lastYear), ...day('01-20') };
    const submit = async (fields: Fields) => {
      await this.open(finance, notary, 'Fund');
      await this.send(finance, 'Fund', { ...fund, ...fields }, async () => {
        expect(await textOf(finance)).toContain('The programme’s rules want a second person for this.');
      });
      expect(await textOf(finance)).toContain('It waits for a second person. Nothing else has changed yet.');
    };
    const decide = async (page: Page, decision: string, fields: Fields = {}) => {
      await this.goHome(page);
      await follow(page, 'Requests');
      const link = page.getByRole('link', { name: new RegExp(`^${decision}: R-`) });
      await shown(page, link);
      await link.first().click();
      await this.complete(page, decision, fields);
    };
    await submit({ Amount: '900 000', 'Own number': 'F-0' });
    await decide(finance, 'Withdraw');
    await submit({ Amount: '700 000', 'Own number': 'F-0' });
    await decide(controller, 'Return to its sender', { Reason: 'Too much' });
    await submit({ Amount: '600 000', Kind: 'State budget', 'Own number': 'F-1' });
    await decide(controller, 'Approve');
    const grant = {
      Amount: '40 000',
      Kind: 'Grants',
      'Who gives it': 'World Bank',
      'Own number': 'F-2',
      ...yearOf(lastYear),
      ...day('01-21'),
    };
    await this.sendTo(finance, notary, 'Fund', grant);
    await this.sendTo(finance, archive, 'Fund', { ...fund, Amount: '50 000', Kind: 'Own income', 'Own number': 'F-1' });
  }

  /** A contract is drawn twice, one drawing is reversed; a milestone is met, another moved. */
  async deliver(): Promise<void> {
    const { clerk } = this.windows;
    await this.open(clerk, notary, 'Make a commitment');
    await follow(clerk, 'Make a commitment');
    await clerk.getByRole('button', { name: 'Add a paper' }).click();
    const paper = { 'Kind of paper': 'Signed contract', 'Number or name': 'K-17', 'SHA-256 of the file': 'a'.repeat(64) };
    await this.complete(clerk, 'Make a commitment', {
      Supplier: 'Systems',
      Amount: '500 000',
      'Own number': 'C-1',
      ...paper,
      ...day('03-01'),
    });
    const draw = { 'Number of the payment': 'T-1', Amount: '200 000', ...day('03-15') };
    await this.sendFrom(clerk, 'C-1', 'Record spending', draw);
    await this.sendFrom(clerk, 'C-1', 'Record spending', { 'Number of the payment': 'T-2', Amount: '100 000', ...day('04-15') });
    await this.sendFrom(clerk, 'T-2', 'Reverse a payment', { Amount: '100 000', Reason: 'paid twice', ...day('04-20') });
    await this.sendFrom(clerk, 'M-1', 'Report the milestone', { Reached: 'met', ...day('06-30') });
    const moved = { 'Now expected on': `${thisYear}-01-01`, Reason: 'The tender was repeated', ...day('10-01') };
    await this.sendFrom(clerk, 'M-2', 'Forecast the milestone again', moved);
  }

  /** Money comes from the other initiative; more than is free is refused with its figures. */
  async overdraw(): Promise<void> {
    const { finance, clerk } = this.windows;
    const transfer = { 'Initiative that takes the money': notary, Amount: '30 000', ...yearOf(lastYear), ...budgetLaw, ...day('11-01') };
    await this.sendTo(finance, archive, 'Transfer to another initiative', transfer);
    await this.open(clerk, notary, 'Record spending');
    await follow(clerk, 'Record spending');
    await fillIn(clerk, { Amount: '170 000.01', ...day('11-02') });
    await check(clerk);
    const refused = clerk.getByRole('alert');
    expect(await refused.innerText()).toContain('The initiative does not have that much left to spend.');
    expect([await fact(clerk, 'Available'), await fact(clerk, 'Committed beside that'), await fact(clerk, 'Asked for')]).toEqual([
      'KGS 170,000.00',
      'KGS 300,000.00',
      'KGS 170,000.01',
    ]);
    expect(await clerk.getByRole('button', { name: 'Record' }).count()).toBe(0);
  }

  /** The year closes once what is free went back and the contract went over. */
  async close(): Promise<void> {
    const { finance, clerk } = this.windows;
    const toClosing = async () => {
      await this.goHome(finance);
      await follow(finance, String(lastYear));
      await follow(finance, 'Close the fiscal year');
    };
    await toClosing();
    await check(finance);
    expect(await fact(finance, 'Available')).toBe('KGS 490,000.00');
    const back = { ...yearOf(lastYear), ...day('12-28') };
    await this.sendTo(clerk, notary, 'Return funds', { ...back, Amount: '170 000' });
    await this.sendTo(clerk, archive, 'Return funds', { ...back, Amount: '20 000' });
    const over = { ...yearOf(lastYear), Amount: '300 000', ...budgetLaw, ...day('12-30') };
    await this.sendTo(finance, notary, 'Carry over into the next year', over);
    await toClosing();
    await this.complete(finance, 'Close the fiscal year', {});
  }

  /** The rest of the contract is paid in the next year, the initiative ends, and its result is reported afterwards. */
  async finish(): Promise<void> {
    const { finance, clerk } = this.windows;
    const rest = { 'Number of the payment': 'T-4', Amount: '300 000', 'Day it happened': `${thisYear}-01-01` };
    await this.sendFrom(clerk, 'C-1', 'Record spending', rest);
    await this.sendFrom(clerk, 'M-2', 'Report the milestone', { Reached: 'met' });
    await this.sendTo(clerk, notary, 'Start finalizing', {});
    await this.sendTo(finance, notary, 'Finalize', {});
    await this.sendFrom(clerk, 'I-1', 'Report a result', { 'Last day of the period': `${thisYear}-01-01`, Value: '61,5' });
  }

  /** An auditor reads it all on pages, as it is now and as it was on a past day. */
  async audit(): Promise<void> {
    const { auditor } = this.windows;
    const { url } = this.place;
    await this.goHome(auditor);
    await follow(auditor, 'Requests');
    for (const [standing, money] of [
      ['Withdrawn', 'KGS 900,000.00'],
      ['Returned to its sender', 'KGS 700,000.00'],
      ['Approved', 'KGS 600,000.00'],
    ] as const)
      expect(
        await auditor
          .getByRole('row')
          .filter({ hasText: standing })
          .filter({ hasText: money.slice(4) })
          .count(),
      ).toBe(1);

    const page = `${url}/p/${this.programme}/i/${notary}?lang=en`;
    await auditor.goto(page);
    await shown(auditor, auditor.getByRole('img', { name: /Latest result: 61\.5 on January 1/ }).first());
    expect(await textOf(auditor)).toMatch(/Finalized[\s\S]*Transfers account for \+KGS 30,000\.00 of it\./);
    expect((await row(auditor, String(lastYear))).slice(1)).toEqual(['370,000.00', '170,000.00', '200,000.00', '0.00', '0.00', '0.00']);
    expect((await row(auditor, 'Total')).slice(1)).toEqual(['670,000.00', '170,000.00', '500,000.00', '0.00', '0.00', '0.00']);
    expect((await row(auditor, 'Systems')).slice(1)).toEqual([`fully drawn (${thisYear})`, '500,000.00', '500,000.00', '0.00']);
    expect((await row(auditor, 'M-2'))[2]).toContain('moved once');
    expect(await textOf(auditor)).toContain('Signed contract K-17');

    await auditor.locator('summary', { hasText: 'Show the past' }).click();
    await auditor.getByLabel('What had happened by').fill(`${lastYear}-03-31`);
    await auditor.getByRole('button', { name: 'Show – Show the past' }).click();
    await auditor
      .getByText(/What had happened by March 31/)
      .first()
      .waitFor();
    expect((await row(auditor, 'Total')).slice(1)).toEqual(['640,000.00', '0.00', '200,000.00', '440,000.00', '300,000.00', '140,000.00']);

    await auditor.goto(`${url}/p/${this.programme}?lang=en`);
    expect((await row(auditor, 'State budget')).slice(1)).toEqual(['1,000,000.00', '600,000.00']);
    expect((await row(auditor, 'Grants')).at(-1)).toBe('40,000.00');
    expect((await row(auditor, 'Own income')).at(-1)).toBe('50,000.00');
  }

  private goHome(page: Page) {
    return page.goto(`${this.place.url}/workspace/p/${this.programme}?lang=en`);
  }

  /** Opens an initiative in the workspace once it offers something. */
  private async open(page: Page, code: string, offers: string): Promise<void> {
    await page.goto(`${this.place.url}/workspace/p/${this.programme}/i/${code}?lang=en`);
    await shown(page, page.getByRole('main').getByRole('link', { name: offers, exact: true }));
  }

  /** Sends a form that an initiative offers. */
  private async sendTo(page: Page, code: string, form: string, fields: Fields): Promise<void> {
    await this.open(page, code, form);
    await this.send(page, form, fields);
  }

  /** Sends a form that an entry of the initiative leads to: the first entry about the thing of this number. */
  private async sendFrom(page: Page, number: string, form: string, fields: Fields): Promise<void> {
    await page.goto(`${this.place.url}/workspace/p/${this.programme}/i/${notary}?lang=en`);
    const link = page
      .getByRole('row')
      .filter({ hasText: number })
      .getByRole('link', { name: new RegExp(`^${form}: `) });
    await shown(page, link);
    await link.first().click();
    await this.complete(page, form, fields);
  }

  private async send(page: Page, form: string, fields: Fields, seen?: () => Promise<unknown>): Promise<void> {
    await follow(page, form);
    await this.complete(page, form, fields, seen);
  }

  /** Fills in the open form, looks at its check, and records it. */
  private async complete(page: Page, form: string, fields: Fields, seen?: () => Promise<unknown>): Promise<void> {
    await fillIn(page, fields);
    await check(page);
    await heading(page, `Check: ${form}`);
    await seen?.();
    await record(page);
    await heading(page, 'Recorded');
  }
}
