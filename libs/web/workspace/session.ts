/**
 * Sessions of people: who is signed in, kept in a sealed cookie and nowhere else, so that any process with the same key knows them. Whatever signs a person
 * in needs only an access token that the ledger accepts, and begins the session with it.
 */
import { randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { Actor } from '../../domain/vocabulary.js';
import type { SessionTokens } from '../../http/sessions.js';
import { TokenRefused, type TokenVerifier } from '../../http/tokens.js';
import { workspace } from './next-page.js';
import { Seal } from './sealed.js';

/** Somebody who is signed in. */
export type Session = {
  readonly actor: Actor;
  /** The bearer token of commands sent from the session. */
  readonly token: string;
  /** A secret that every form of the session holds, so that no other page can send one. */
  readonly formToken: string;
};

/**
 * The cookie: over HTTPS with the prefix that binds it to this host (RFC 6265bis, section 4.1.3.2), which asks for the path `/`; on plain HTTP, which is for
 * loopback, for the workspace alone.
 */
const cookies = {
  secure: { name: '__Host-ledger-session', path: '/' },
  plain: { name: 'ledger-session', path: workspace },
} as const;
/** The most characters of a cookie's value: browsers keep 4,096 bytes with its name and attributes (RFC 6265, section 6.1). */
const longestCookie = 3_900;

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

  /** `secret` is the same in all processes that share sessions. Without one, sessions end with this process. */
  constructor(
    private readonly tokens: Pick<TokenVerifier, 'actorOf'>,
    secret: string,
  ) {
    this.seal = new Seal(secret, 'session');
  }

  /**
   * Signs in the holder of an access token, until the token expires at the latest. `secure` if the browser came by HTTPS.
   * @throws {TokenRefused} @throws {KeysUnavailable} @throws {TokenTooLong}
   */
  async begin(token: string, request: FastifyRequest, reply: FastifyReply, secure = cameByHttps(request)): Promise<Session> {
    const session = { actor: await this.tokens.actorOf(token), token, formToken: randomBytes(16).toString('base64url') };
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

  private keptIn(request: FastifyRequest): Promise<Kept | undefined> {
    const known = this.opened.get(request) ?? this.open(request);
    this.opened.set(request, known);
    return known;
  }

  private async open(request: FastifyRequest): Promise<Kept | undefined> {
    const sent = parseCookie(request.headers.cookie ?? '');
    // Over HTTPS the plain cookie counts for nothing: another host of the same domain could have set it.
    const sealed = sent[cookies.secure.name] ?? (request.protocol === 'https' ? undefined : sent[cookies.plain.name]);
    if (sealed === undefined || sealed === '') return undefined;
    const { token, formToken } = (await this.seal.open(sealed)) ?? {};
    return typeof token === 'string' && typeof formToken === 'string' ? { token, formToken } : undefined;
  }

  /** Signs out. */
  end(request: FastifyRequest, reply: FastifyReply): void {
    setCookie(cameByHttps(request), reply, '', new Date(0));
  }
}

/** A proxy may end TLS before the ledger: then the page's origin tells. */
function cameByHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers.origin?.startsWith('https:') === true;
}

/** A browser that came by plain HTTP would not keep a secure cookie. */
function setCookie(secure: boolean, reply: FastifyReply, value: string, expires: Date): void {
  const named = cookies[secure ? 'secure' : 'plain'];
  void reply.header('set-cookie', stringifySetCookie({ ...named, value, expires, httpOnly: true, sameSite: 'strict', secure }));
}
