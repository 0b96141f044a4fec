/** An attempt to sign in at the issuer, kept in a sealed cookie of the browser that began it until the issuer sends the person back. */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Seal } from '../sealed.js';
import type { Secrets } from './issuer.js';

/** `next` is the page to go on with, `lang` the language that the reader chose. */
export type Attempt = Secrets & { readonly next: string; readonly lang?: string | undefined };

/** Seconds that a person has to sign in. */
const lasts = 600;

export class Attempts {
  private readonly seal: Seal;

  /** `secret` as for sessions; `secure` if browsers reach the ledger by HTTPS. */
  constructor(
    secret: string,
    private readonly secure: boolean,
  ) {
    this.seal = new Seal(secret, 'sign-in attempt');
  }

  /** Keeps an attempt in the browser, in place of the one before. */
  async keep({ state, nonce, verifier, next, lang }: Attempt, reply: FastifyReply): Promise<void> {
    const sealed = await this.seal.seal({ state, nonce, verifier, next, lang }, Math.floor(Date.now() / 1_000) + lasts);
    this.setCookie(sealed, lasts, reply);
  }

  /** The attempt that this browser began; `undefined` if there is none, or it has expired. */
  async of(request: FastifyRequest): Promise<Attempt | undefined> {
    const sealed = parseCookie(request.headers.cookie ?? '')[this.name];
    const { state, nonce, verifier, next, lang } = (sealed === undefined ? undefined : await this.seal.open(sealed)) ?? {};
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string' || typeof next !== 'string')
      return undefined;
    return { state, nonce, verifier, next, lang: typeof lang === 'string' ? lang : undefined };
  }

  /** Forgets the attempt: each is answered once. */
  forget(reply: FastifyReply): void {
    this.setCookie('', 0, reply);
  }

  private get name(): string {
    return this.secure ? '__Secure-ledger-sign-in' : 'ledger-sign-in';
  }

  /** Lax, because the issuer's redirect comes from another site. */
  private setCookie(value: string, maxAge: number, reply: FastifyReply): void {
    const { name, secure } = this;
    void reply.header(
      'set-cookie',
      stringifySetCookie({ name, value, maxAge, path: '/workspace/oidc', httpOnly: true, sameSite: 'lax', secure }),
    );
  }
}
