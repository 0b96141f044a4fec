import type { FastifyRequest } from 'fastify';

/** Sessions of people, as the door knows them: on a route below their path, and on every route for readers, a cookie may replace the token. */
export type SessionTokens = {
  /** The path of all pages with sessions; `undefined` if there are none. */
  readonly path: string | undefined;
  /** The bearer token of a request's session, not verified yet; `undefined` if it has no session that this ledger sealed. */
  tokenIn(request: FastifyRequest): Promise<string | undefined>;
  /** The address for signing in, which then leads to the requested page. */
  signInAddress(request: FastifyRequest): string;
};

/** The injection token of {@link SessionTokens}. */
export const sessionTokensToken = Symbol('SessionTokens');
/** For a process whose pages have no sessions. */
export const noSessions: SessionTokens = { path: undefined, tokenIn: () => Promise.resolve(undefined), signInAddress: () => '/' };
