/** People who work in the ledger, signed in as they sign in: with a token, in the page. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { tokenFor } from '../support/ledger-process.js';
import { looking } from './browser.js';
import { inLanguage } from './languages.js';

/** `clerk` works for the ministry of justice. */
export const roles = ['clerk', 'finance', 'auditor'] as const;
export type Role = (typeof roles)[number];
export type Tokens = Readonly<Record<Role, string>>;
/** The cookies of somebody who is signed in, for new windows. */
export type Cookies = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Tokens of a ledger with its own key in a folder. */
export async function tokensOf(folder: string): Promise<Tokens> {
  const [clerk, finance, auditor] = await Promise.all([
    tokenFor(folder, 'ministry', 'ministry-of-justice', 'aida'),
    tokenFor(folder, 'finance', 'ministry-of-finance', 'bakyt'),
    tokenFor(folder, 'auditor', 'chamber-of-accounts', 'cholpon'),
  ]);
  return { clerk, finance, auditor };
}

/** Signs in, and ends on the page that was asked for. */
export async function signIn(page: Page, url: string, token: string, path = '/workspace'): Promise<void> {
  await page.goto(url + inLanguage(path, 'en'));
  await page.fill('#token', token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** The cookies of everybody, each after signing in. */
export async function signedIn(browser: Browser, url: string, tokens: Tokens): Promise<Readonly<Record<Role, Cookies>>> {
  const cookiesOf = (role: Role) =>
    looking(browser, {}, async ({ page, context }) => {
      await signIn(page, url, tokens[role]);
      return context.storageState();
    });
  return { clerk: await cookiesOf('clerk'), finance: await cookiesOf('finance'), auditor: await cookiesOf('auditor') };
}
