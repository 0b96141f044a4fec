import { addressOf } from '../page.js';

/** The page to go on with after signing in: an address of a page of this ledger, so that no link can lead elsewhere. */
export const workspace = '/workspace';
const local = /^\/(?:(?:workspace|p)(?:\/[A-Za-z0-9._-]+)*)?(?:\?[A-Za-z0-9._~%&=+-]*)?$/;

/** The address if it is a page of the workspace or a public one, else the workspace. */
export function nextPage(asked: string | undefined): string {
  return asked !== undefined &&
    asked.length <= 1_000 &&
    local.test(asked) &&
    !/\/\.{1,2}(?:\/|$)/.test(asked) &&
    !/^\/workspace\/(?:sign-|oidc)/.test(asked)
    ? asked
    : workspace;
}

/** The address in a language that the reader chose. */
export function withLanguage(address: string, lang: string): string {
  const [path = '', query] = address.split('?', 2);
  return addressOf(path, { ...Object.fromEntries(new URLSearchParams(query)), lang });
}
