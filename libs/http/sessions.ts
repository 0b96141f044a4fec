import type { FastifyRequest } from 'fastify';

/** Sessions of people, as the door knows them: a route below their path, and whatever readers may read, may be asked with a cookie instead of a token. */
export type SessionTokens = {
  /** The path of all pages with sessions; `undefined` if there are none. */
  readonly path: string | undefined;
  /** The bearer token of a request's session, not verified yet; `undefined` if it has no session that this ledger sealed. */
  tokenIn(request: FastifyRequest): Promise<string | undefined>;
  /** The address at which somebody signs in who asked for a page, and then gets to it. */
  signInAddress(request: FastifyRequest): string;
};

/** The injection token of {@link SessionTokens}. */
export const sessionTokensToken = Symbol('SessionTokens');
/** Of a process whose pages have no sessions. */
export const noSessions: SessionTokens = { path: undefined, tokenIn: () => Promise.resolve(undefined), signInAddress: () => '/' };
