import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { KeysUnavailable } from './tokens.js';

export type KeysOptions = {
  /** Milliseconds after a fetch during which an unknown key causes no new fetch. */
  coolDown?: number;
  /** Milliseconds after which keys are fetched again. A key that the issuer revokes is accepted for at most this time. */
  freshFor?: number;
  /** Called if the keys can't be fetched again; the last known ones stay in use. */
  onUnreachable?: (error: unknown) => void;
};

/**
 * The keys at an address (JWKS, RFC 7517). They are fetched when first needed, when a token names an unknown key, and in the background after `freshFor`.
 * While the issuer can't be reached, the last known keys stay in use.
 */
export function keysAt(address: string, options: KeysOptions = {}): JWTVerifyGetKey {
  const { coolDown = 30_000, freshFor = 600_000, onUnreachable = () => undefined } = options;
  let fetchedAt = -Infinity;
  let refreshAt = Infinity;
  const keys = createRemoteJWKSet(new URL(address), {
    timeoutDuration: 5_000,
    cooldownDuration: coolDown,
    cacheMaxAge: Infinity,
    [customFetch]: async (url, request) => {
      refreshAt = Date.now() + coolDown;
      const response = await fetch(url, { ...request, redirect: 'error' });
      fetchedAt = Date.now();
      if (response.ok) refreshAt = fetchedAt + freshFor;
      return response;
    },
  });
  return async (header, token) => {
    if (Date.now() >= refreshAt && !keys.reloading) keys.reload().catch(onUnreachable);
    const justFetched = keys.coolingDown;
    try {
      return await keys(header, token);
    } catch (cause) {
      if (!(cause instanceof errors.JWKSNoMatchingKey) || !justFetched) throw cause;
      const left = Math.max(1, Math.ceil((fetchedAt + coolDown - Date.now()) / 1_000));
      throw new KeysUnavailable(
        `the issuer’s keys, fetched a moment ago, include none for this token; they are fetched again in ${left} s`,
        left,
        {
          cause,
        },
      );
    }
  };
}
