/**
 * Sessions of people: who is signed in, kept in a sealed cookie and nowhere else, so that any process with the same key knows them. Every way of signing
 * in needs only an access token that the ledger accepts, and begins the session with it.
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { Actor } from '../../domain/vocabulary.js';
import type { SessionTokens } from '../../http/sessions.js';
import { TokenRefused, type TokenVerifier } from '../../http/tokens.js';
import { addressOf } from '../page.js';
import { textsIn } from '../page-request.js';
import { FormTokens, isSame } from './form-tokens.js';
import { workspace } from './next-page.js';
import { Seal } from './sealed.js';

/** Somebody who is signed in. */
export type Session = {
  readonly actor: Actor;
  /** The bearer token of commands sent from the session. */
  readonly token: string;
  /** A secret that every form of the session holds, so that no page of another site can send one. */
  readonly formToken: string;
};

/** The cookie's names: over HTTPS with the prefix that binds it to this host (RFC 6265bis, section 4.1.3.2). Plain HTTP is for loopback. */
const names = { secure: '__Host-ledger-session', plain: 'ledger-session' } as const;
/** The most characters of a cookie's value: browsers keep 4,096 bytes with its name and attributes (RFC 6265, section 6.1). */
export const longestCookie = 3_900;

/** The token is accepted, but too long for a cookie. */
export class TokenTooLong extends Error {
  override readonly name = 'TokenTooLong';
}

/** What a cookie keeps. */
type Kept = Pick<Session, 'token' | 'formToken'>;

export class Sessions implements SessionTokens {
  readonly path = workspace;
  private readonly seal: Seal;
  /** The cookies of requests, each opened once. */
  private readonly opened = new WeakMap<FastifyRequest, Promise<Kept | undefined>>();
  private readonly formTokens: FormTokens;

  /** `secret` is the same in all processes that share sessions. Without one, sessions end with this process. */
  constructor(
    private readonly tokens: Pick<TokenVerifier, 'actorOf'>,
    secret: string,
  ) {
    this.seal = new Seal(secret, 'session');
    this.formTokens = new FormTokens(secret);
  }

  /**
   * Signs in the holder of an access token, until the token expires at the latest. `secure` if the browser came by HTTPS.
   * @throws {TokenRefused} @throws {KeysUnavailable} @throws {TokenTooLong}
   */
  async begin(token: string, request: FastifyRequest, reply: FastifyReply, secure = cameByHttps(request)): Promise<Session> {
    const actor = await this.tokens.actorOf(token);
    const session = { actor, token, formToken: this.formTokens.make(actor) };
    const { exp } = decodeJwt(token);
    if (exp === undefined) throw new TokenRefused('the token’s exp is not accepted');
    const sealed = await this.seal.seal({ token, formToken: session.formToken }, exp);
    if (sealed.length > longestCookie) throw new TokenTooLong('the token is too long to be kept in a cookie');
    setCookie(secure, reply, sealed, new Date(exp * 1_000));
    return session;
  }

  /** The session of a request; `undefined` if it has none, or one that has expired or was sealed with another key. @throws {KeysUnavailable} */
  async of(request: FastifyRequest): Promise<Session | undefined> {
    const kept = await this.keptIn(request);
    if (!kept) return undefined;
    try {
      return { actor: await this.tokens.actorOf(kept.token), ...kept };
    } catch (error) {
      if (error instanceof TokenRefused) return undefined;
      throw error;
    }
  }

  async tokenIn(request: FastifyRequest): Promise<string | undefined> {
    return (await this.keptIn(request))?.token;
  }

  signInAddress({ url, query }: FastifyRequest): string {
    return addressOf('/workspace/sign-in', { next: url, lang: textsIn(query)['lang'] });
  }

  private keptIn(request: FastifyRequest): Promise<Kept | undefined> {
    const known = this.opened.get(request) ?? this.open(request);
    this.opened.set(request, known);
    return known;
  }

  private async open(request: FastifyRequest): Promise<Kept | undefined> {
    const sent = parseCookie(request.headers.cookie ?? '');
    // Over HTTPS the plain cookie counts for nothing: another host of the same domain could have set it.
    for (const sealed of [sent[names.secure], request.protocol === 'https' ? undefined : sent[names.plain]]) {
      const { token, formToken } = (sealed === undefined || sealed === '' ? undefined : await this.seal.open(sealed)) ?? {};
      if (typeof token === 'string' && typeof formToken === 'string') return { token, formToken };
    }
    return undefined;
  }

  /** Whether a form is one of a person's pages: of this session, or of one that ended within a day. */
  isFormOf({ actor, formToken }: Session, sent: string): boolean {
    return isSame(sent, formToken) || this.formTokens.isOf(actor, sent);
  }

  /** Signs out, whichever way the browser came when it signed in. */
  end(reply: FastifyReply): void {
    for (const secure of [true, false]) setCookie(secure, reply, '', new Date(0));
  }
}

/** A proxy may end TLS before the ledger: then the page's origin tells. */
export function cameByHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers.origin?.startsWith('https:') === true;
}

/** A browser that came by plain HTTP would not keep a secure cookie. */
function setCookie(secure: boolean, reply: FastifyReply, value: string, expires: Date): void {
  const name = names[secure ? 'secure' : 'plain'];
  // The browser sends it with requests for public pages too: if reading is not public, a session opens them.
  void reply.header('set-cookie', stringifySetCookie({ name, value, expires, path: '/', httpOnly: true, sameSite: 'strict', secure }));
}
