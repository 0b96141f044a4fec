/** The issuer of an organisation's accounts (OpenID Connect): the address for signing in, and the access token that the issuer then gives. */
import * as openid from 'openid-client';
import { TokenRefused } from '../../../http/tokens.js';
import { addressOf } from '../../page.js';

export type OidcOptions = {
  /** The issuer's identifier, the address before `/.well-known/openid-configuration`. */
  issuer: string;
  clientId: string;
  /** Empty for a public client. */
  clientSecret: string;
  scope: string;
  /** Names the ledger to issuers that issue tokens for one of several (RFC 8707); none if empty. */
  resource: string;
  /** Scheme and host of the ledger, as browsers know it. */
  publicUrl: string;
};
/** The injection token of the {@link Issuer}, which is `undefined` if none is configured. */
export const issuerToken = Symbol('Issuer');

/** What an attempt to sign in must bring back, and what only the ledger knows of it. */
export type Secrets = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** The issuer does not answer; `message` says why, without any code or token. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}
/** Why the issuer did not sign a person in: the attempt is over, somebody declined, or something else is wrong. */
export type Because = 'again' | 'denied' | 'refused';
/** The issuer did not sign the person in; `message` is for the log, without any code or token. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  constructor(
    readonly because: Because,
    message: string,
  ) {
    super(message);
  }
}

/** Seconds to wait for the issuer. */
const patience = 5;
const paths = { start: '/workspace/oidc/start', callback: '/workspace/oidc/callback' } as const;

export class Issuer {
  private discovered: Promise<openid.Configuration> | undefined;

  constructor(private readonly options: OidcOptions) {}

  /** Whether browsers reach the ledger by HTTPS. */
  get isSecure(): boolean {
    return this.options.publicUrl.startsWith('https:');
  }

  /** The address at which a person begins: always on the public host, because the cookie of the attempt has to come back there. */
  startOf(next: string, lang: string | undefined): string {
    return addressOf(`${this.options.publicUrl}${paths.start}`, { next, lang });
  }

  /** A new attempt: its secrets, and the issuer's address to send the person to. @throws {IssuerUnavailable} */
  async begin(): Promise<{ secrets: Secrets; address: string }> {
    const configuration = await this.configuration();
    const secrets = { state: openid.randomState(), nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier() };
    const { href } = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.options.publicUrl}${paths.callback}`,
      scope: this.options.scope,
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
      ...this.resource,
    });
    return { secrets, address: href };
  }

  /**
   * The access token for the answer that the issuer sent the person back with; `query` is that of the address.
   * @throws {IssuerUnavailable} @throws {SignInRefused} @throws {TokenRefused} it is no JWT
   */
  async token(query: string, { state, nonce, verifier }: Secrets): Promise<string> {
    const answer = new URL(`${this.options.publicUrl}${paths.callback}?${query}`);
    if (answer.searchParams.get('state') !== state) throw new SignInRefused('again', 'the answer is not for this attempt');
    const configuration = await this.configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const { access_token: token } = await openid
      .authorizationCodeGrant(configuration, answer, checks, this.resource)
      .catch((error: unknown) => {
        throw failureOf(error);
      });
    if (token.split('.').length !== 3) throw new TokenRefused('the access token is opaque; it must be a JWT (RFC 9068)');
    return token;
  }

  private get resource(): Record<string, string> {
    return this.options.resource === '' ? {} : { resource: this.options.resource };
  }

  /** What the issuer says of itself; asked for when first needed, and again until it answers. */
  private configuration(): Promise<openid.Configuration> {
    return (this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw new IssuerUnavailable(reasonOf(error));
    }));
  }

  private discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    const address = new URL(issuer);
    return openid.discovery(address, clientId, undefined, authenticationBy(clientSecret), {
      timeout: patience,
      // The settings admit plain HTTP on loopback only.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out, not to be removed
      ...(address.protocol === 'http:' && { execute: [openid.allowInsecureRequests] }),
    });
  }
}

/** How the client proves who it is: as the issuer prefers, in the header if it does not say (OpenID Connect Discovery 1.0, section 3). */
function authenticationBy(secret: string): openid.ClientAuth {
  if (secret === '') return openid.None();
  const [inHeader, inBody] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const takes = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (takes.includes('client_secret_basic') ? inHeader : inBody)(server, client, body, headers);
  };
}

const passing = new Set(['temporarily_unavailable', 'server_error']);

/** Why the exchange failed. Errors of the library hold what was sent and answered, so nothing of them goes on but codes. */
function failureOf(error: unknown): IssuerUnavailable | SignInRefused {
  const reason = reasonOf(error);
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    if (passing.has(error.error)) return new IssuerUnavailable(reason);
    if (error.error === 'access_denied') return new SignInRefused('denied', reason);
    // A code that was used, or has expired (RFC 6749, section 5.2).
    return new SignInRefused(error.error === 'invalid_grant' ? 'again' : 'refused', reason);
  }
  return hasNoAnswer(error) ? new IssuerUnavailable(reason) : new SignInRefused('refused', reason);
}

/** Whether the issuer could not be reached, did not answer in time, or answered with a failure of its own (5xx). */
function hasNoAnswer(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  const { cause } = error;
  if (typeof cause === 'object' && cause !== null && 'status' in cause) return Number(cause.status) >= 500;
  // `fetch` throws a TypeError, which the library passes on as it is or as a cause.
  const isOfTheNetwork = [error, cause].some((one) => Error.isError(one) && one.name === 'TypeError');
  return isOfTheNetwork || ('code' in error && error.code === 'OAUTH_TIMEOUT');
}

const plainCode = /^[\w.-]{1,64}$/;

/** The codes of an error, for the log. */
function reasonOf(error: unknown): string {
  if (!Error.isError(error)) return 'unknown';
  const codes = [
    error.name,
    'code' in error ? error.code : undefined,
    'error' in error ? error.error : undefined,
    Error.isError(error.cause) && 'code' in error.cause ? error.cause.code : undefined,
  ];
  return [...new Set(codes)].filter((code) => typeof code === 'string' && plainCode.test(code)).join(' ');
}
