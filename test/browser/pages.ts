import type { Page } from 'playwright-core';
import { inLanguage, languages } from './languages.js';
import { ownPages, type Go, type Opening } from './own-pages.js';
import { roles, type Role } from './people.js';

/** The public pages of the demo, each with the name of its screenshots. A new page is added here, and then looked at in every way. */
const programme = '/p/digital-kyrgyzstan';
export const initiative = `${programme}/i/state-data-centre`;

export const pagesOfDemo: Readonly<Record<string, string>> = {
  programmes: '/',
  programme,
  // By month it has the most figures of all pages.
  'programme-as-of': `${programme}?by=month&happened=2023-12-31&known=2024-01-31`,
  initiatives: `${programme}/initiatives`,
  'initiatives-found': `${programme}/initiatives?q=data&sort=-spent`,
  'initiatives-none': `${programme}/initiatives?q=nothing-like-it`,
  initiative,
  // It still spends: its page has a contract with payments, milestones, confidence and an indicator.
  'initiative-under-way': `${programme}/i/legal-aid-register`,
  'initiatives-suspended': `${programme}/initiatives?suspended=true`,
  entries: `${programme}/entries`,
  entry: `${programme}/entries/2275`,
  notices: `${programme}/notices`,
  explain: `${programme}/explain?figure=free&authority=ministry-of-digital-development`,
  'explain-share': `${programme}/explain?figure=absorption&fiscalYear=2023`,
  'compare-form': `${programme}/compare`,
  proof: `${programme}/proof`,
  compare: `${programme}/compare?from=2022-12-31&to=2023-12-31`,
  'not-found': '/p/unknown',
  malformed: `${programme}?happened=yesterday`,
  'embedded-programme': `/embed${programme}`,
  'embedded-initiative': `/embed${initiative}`,
};

/** Pages that need no signing in, beside the public ones. */
const beforeSigningIn: Readonly<Record<string, Opening>> = {
  'sign-in': '/workspace/sign-in',
  'sign-in-refused': async (page, go) => {
    await go('/workspace/sign-in');
    await page.fill('#token', 'no token');
    await page.locator('main form button').click();
  },
};

/** A page, by whom it is opened, and how. */
export type ShownPage = { readonly name: string; readonly as: Role | undefined; readonly open: (page: Page, go: Go) => Promise<unknown> };

/** Every page, once. */
export const pagesOnce: readonly ShownPage[] = [
  ...shown(undefined, { ...pagesOfDemo, ...beforeSigningIn }),
  ...roles.flatMap((role) => shown(role, ownPages[role])),
];

function shown(as: Role | undefined, pages: Readonly<Record<string, Opening>>): ShownPage[] {
  return Object.entries(pages).map(([name, opening]) => ({
    name,
    as,
    open: async (page, go) => {
      await (typeof opening === 'string' ? go(opening) : opening(page, go));
      // A page that answers a form is there from its first byte on; people look at the whole.
      await page.waitForLoadState();
    },
  }));
}

/** Every page in every language. */
export const everyPage = pagesOnce.flatMap((one) => languages.map((language) => ({ ...one, language })));

/** Every public page in every language, and every other page in one, the languages taking turns: for checks that take long and depend little on the language. */
export const pagesInTurn = [
  ...everyPage.filter(({ as }) => as === undefined),
  ...pagesOnce
    .filter(({ as }) => as !== undefined)
    .map((one, index) => ({ ...one, language: languages[index % languages.length] ?? 'ru' })),
];

/** Opens addresses of a ledger in a language. */
export const going =
  (page: Page, url: string, language: string): Go =>
  (path) =>
    page.goto(url + inLanguage(path, language));
