/**
 * Forms that arrive after their session has ended. What a person filled in is kept in a sealed cookie of the browser while the person signs in again, in
 * whatever way; then the form is shown once more with it. So it needs no memory of this process, and nobody else gets to see it.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormFields } from './form-fields.js';
import { Seal } from './sealed.js';
import { cameByHttps, longestCookie } from './session.js';

/** Seconds that a person has to sign in again. */
const lasts = 3_600;
/** The most characters of a form that are packed: more would not fit a cookie. */
const longestForm = 32_768;
const names = { secure: '__Secure-ledger-form', plain: 'ledger-form' } as const;

export class UnsentForms {
  private readonly seal: Seal;

  /** `secret` as for sessions. */
  constructor(secret: string) {
    this.seal = new Seal(secret, 'unsent form');
  }

  /** Keeps a form in the browser, in place of the one before. @returns whether it fits a cookie */
  async keep(request: FastifyRequest, reply: FastifyReply, form: FormFields): Promise<boolean> {
    const text = new URLSearchParams(form.entries().map(([name, value]) => [name, value])).toString();
    if (text.length > longestForm) return false;
    const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).toString('base64url');
    const sealed = await this.seal.seal({ path: pathOf(request.url), form: packed }, Math.floor(Date.now() / 1_000) + lasts);
    if (sealed.length > longestCookie) return false;
    setCookie(cameByHttps(request), reply, sealed, lasts);
    return true;
  }

  /** The form that was kept at a path; `undefined` if there is none. */
  async at(path: string, { headers }: FastifyRequest): Promise<FormFields | undefined> {
    const sent = parseCookie(headers.cookie ?? '');
    const sealed = sent[names.secure] ?? sent[names.plain];
    const kept = sealed === undefined ? undefined : await this.seal.open(sealed);
    if (typeof kept?.['form'] !== 'string' || kept['path'] !== path) return undefined;
    return FormFields.in(brotliDecompressSync(Buffer.from(kept['form'], 'base64url')).toString());
  }

  /** Forgets what is kept: a form is shown once more, and a new one begins empty. */
  forget(request: FastifyRequest, reply: FastifyReply): void {
    for (const secure of [true, false])
      if (parseCookie(request.headers.cookie ?? '')[nameOf(secure)] !== undefined) setCookie(secure, reply, '', 0);
  }
}

/** An address without its query. */
export function pathOf(address: string): string {
  return address.split('?', 1)[0] ?? '';
}

const nameOf = (secure: boolean) => names[secure ? 'secure' : 'plain'];

function setCookie(secure: boolean, reply: FastifyReply, value: string, maxAge: number): void {
  void reply.header(
    'set-cookie',
    stringifySetCookie({ name: nameOf(secure), value, maxAge, path: '/workspace', httpOnly: true, sameSite: 'strict', secure }),
  );
}
