import { readFile } from 'node:fs/promises';
import { errors, importJWK, importSPKI, jwtVerify, type CryptoKey, type JWTVerifyGetKey, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { codePattern, roles, type Actor, type Role } from '../domain/vocabulary.js';

/** Public-key algorithms only: with a shared secret, everyone who can verify a token could make one (RFC 8725, sections 3.1 and 3.2). */
export const tokenAlgorithms = ['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
/** The most verified tokens remembered until they expire. */
const remembered = 10_000;
const longestToken = 8_192;
/** Seconds by which an issuer's clock may differ from this one, for `nbf`, `exp` and `iat` (RFC 7519, section 4.1.4). */
const clockTolerance = 60;

/** The token is not accepted; `message` says why, without repeating it. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}
/** The issuer's key for a token is not available at the moment. `retryAfter` in seconds. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  constructor(
    message: string,
    readonly retryAfter = 5,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type TokenOptions = {
  key: CryptoKey | JWTVerifyGetKey;
  issuer: string;
  audience: string;
  /** The `typ` of the token's header (RFC 9068: `at+jwt`). */
  type: string;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** Verifies bearer tokens (RFC 6750, RFC 9068). An accepted token is remembered until it expires, so it is verified only once. */
export class TokenVerifier {
  private readonly verified = new LRUCache<string, { actor: Actor; until: number }>({ max: remembered });

  constructor(private readonly options: TokenOptions) {}

  /** The actor of a verified token that has not expired; `undefined` if it is not remembered. */
  remembered(token: string): Actor | undefined {
    const known = this.verified.get(token);
    return known && this.options.now() < known.until ? known.actor : undefined;
  }

  /** The actor of a token; synchronous if the token is remembered. @throws {TokenRefused} @throws {KeysUnavailable} */
  actorOf(token: string): Actor | Promise<Actor> {
    return this.remembered(token) ?? this.verify(token, this.options.now());
  }

  private async verify(token: string, now: number): Promise<Actor> {
    if (token.length > longestToken) throw new TokenRefused('the token is too long');
    const { issuer, audience, type, key } = this.options;
    const claims = {
      issuer,
      audience,
      typ: type,
      algorithms: tokenAlgorithms,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now),
      clockTolerance,
    };
    const payload = await verified(
      () => (typeof key === 'function' ? jwtVerify(token, key, claims) : jwtVerify(token, key, claims)),
      typeof key === 'function',
    );
    if (payload.iat !== undefined && payload.iat > now / 1_000 + clockTolerance)
      throw new TokenRefused('the token’s iat is not accepted: it was issued in the future');
    const actor = actorIn(payload);
    this.verified.set(token, { actor, until: ((payload.exp ?? 0) + clockTolerance) * 1_000 });
    return actor;
  }
}

/** `fetched` if the keys come from an address, so that a failure may be the issuer's. */
async function verified(verify: () => Promise<{ payload: JWTPayload }>, fetched: boolean): Promise<JWTPayload> {
  try {
    return (await verify()).payload;
  } catch (cause) {
    if (cause instanceof KeysUnavailable) throw cause;
    if (fetched && isOfTheKeys(cause))
      throw new KeysUnavailable('the token issuer’s keys are not available at the moment', undefined, { cause });
    if (cause instanceof errors.JWTExpired) throw new TokenRefused('the token has expired', { cause });
    if (cause instanceof errors.JWTClaimValidationFailed) throw new TokenRefused(`the token’s ${cause.claim} is not accepted`, { cause });
    if (cause instanceof errors.JWKSMultipleMatchingKeys)
      throw new TokenRefused('the token is not valid: its header names no kid, and several of the issuer’s keys match', { cause });
    if (cause instanceof errors.JWKSNoMatchingKey)
      throw new TokenRefused('the token is not valid: the issuer has no key of its kid and alg', { cause });
    throw new TokenRefused('the token is not valid', { cause });
  }
}

/** Whether the keys were not available: the issuer did not answer, answered with an error, or answered with something other than keys. */
function isOfTheKeys(cause: unknown): boolean {
  if (!(cause instanceof errors.JOSEError)) return !isKeyMismatch(cause);
  return cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid || cause.code === 'ERR_JOSE_GENERIC';
}
/** Whether the token names an algorithm that does not fit its key. */
function isKeyMismatch(cause: unknown): boolean {
  return (
    Error.isError(cause) &&
    cause.name === 'TypeError' &&
    /key|algorithm/i.test(cause.message) &&
    !('cause' in cause && cause.cause !== undefined)
  );
}

function actorIn({ sub, org, role }: JWTPayload): Actor {
  if (typeof sub !== 'string' || sub === '' || sub.length > 200)
    throw new TokenRefused('the token’s sub must be text of 1 to 200 characters');
  if (sub.trim() === '' || invisible.test(sub))
    throw new TokenRefused('the token’s sub must be readable: without control, bidirectional and other invisible characters');
  if (typeof org !== 'string' || !codePattern.test(org)) throw new TokenRefused('the token’s org must be the code of an organisation');
  if (!isRole(role)) throw new TokenRefused(`the token’s role must be one of ${roles.join(', ')}`);
  return { id: sub, organisation: org, role };
}
/**
 * Characters that can make two different subjects look alike: controls, format characters, line and paragraph separators, lone surrogates, and invisible
 * characters (Default_Ignorable_Code_Point, Unicode Standard Annex 44).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}

/** The public key in a file, PEM (SPKI) or JWK. @throws {Error} the file can't be read, or holds no public key */
export async function keyInFile(file: string): Promise<CryptoKey> {
  const text = await readFile(file, 'utf8');
  if (text.includes('BEGIN PUBLIC KEY')) return importSPKI(text, algorithmOfSpki(text));
  const jwk: unknown = JSON.parse(text);
  if (typeof jwk !== 'object' || jwk === null || !('kty' in jwk) || typeof jwk.kty !== 'string' || jwk.kty === 'oct')
    throw new Error(`${file} holds no public key: a PEM of a public key, or a JWK with an asymmetric kty`);
  if ('d' in jwk) throw new Error(`${file} holds a private key; the ledger needs the public one`);
  const key = await importJWK({ ...jwk, kty: jwk.kty }, algorithmOfJwk(jwk));
  if (key instanceof Uint8Array) throw new Error(`${file} holds a secret, not a public key`);
  return key;
}

/** The algorithm of a JWK: its `alg`, else derived from its curve (RFC 8037, RFC 7518). */
function algorithmOfJwk(jwk: object): string {
  if ('alg' in jwk && typeof jwk.alg === 'string') return jwk.alg;
  const curve = 'crv' in jwk ? jwk.crv : undefined;
  if (curve === 'Ed25519') return 'EdDSA';
  return curve === 'P-256' ? 'ES256' : curve === 'P-384' ? 'ES384' : curve === 'P-521' ? 'ES512' : 'RS256';
}

/** The likely algorithm of a PEM, guessed from its length: Ed25519 keys are short, RSA keys long. */
function algorithmOfSpki(text: string): string {
  const bytes = Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').length;
  if (bytes < 60) return 'EdDSA';
  return bytes < 100 ? 'ES256' : bytes < 130 ? 'ES384' : bytes < 170 ? 'ES512' : 'RS256';
}
