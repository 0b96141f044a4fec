import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { KeysUnavailable } from './tokens.js';

export type KeysOptions = {
  /** Milliseconds after a fetch in which a key that is not among those fetched is not asked for again. */
  coolDown?: number;
  /** Milliseconds after which keys are fetched again: so long a key that the issuer took back is still accepted. */
  freshFor?: number;
  /** The issuer could not be asked for its keys again; the last known ones go on serving. */
  onUnreachable?: (error: unknown) => void;
};

/**
 * The keys at an address (JWKS, RFC 7517): fetched when first needed, again when a token names one that is not there, and in the background when they have
 * grown old. While the issuer can't be reached the last known keys serve.
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
        `the issuer’s keys, fetched a moment ago, have none for this token; they are asked for again in ${left} s`,
        left,
        {
          cause,
        },
      );
    }
  };
}
