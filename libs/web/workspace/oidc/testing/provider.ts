/** A real OpenID provider on a free port, with the ledger as a client and as a resource that it issues JWTs for. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

export const resource = 'https://ledger.test/api';
const client = {
  client_id: 'ledger',
  grant_types: ['authorization_code'],
  response_types: ['code' as const],
};

/** What the tokens of an account say beside its name; keyed by the name that is typed in to sign in. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type TestProvider = { issuer: string; close(): Promise<void> };

/** Without a secret, the ledger is a public client. `host` is a name of this machine, `publicUrl` the ledger's. */
export type ProviderOptions = { secret?: string; host?: string; publicUrl?: string };

export async function openProvider(accounts: Accounts, { host = '127.0.0.1', ...more }: ProviderOptions = {}): Promise<TestProvider> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://${host}:${port}`;
  const configuration = await configurationOf(accounts, more);
  const provide = withoutWarnings(() => new Provider(issuer, configuration)).callback();
  answer = (request, response) => void provide(request, response);
  return {
    issuer,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

/** The provider warns of choices that suit only tests: accounts without passwords, kept in memory. */
function withoutWarnings<T>(make: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

async function configurationOf(accounts: Accounts, { secret, publicUrl = 'https://ledger.test' }: ProviderOptions): Promise<Configuration> {
  const redirects = { redirect_uris: [`${publicUrl}/workspace/oidc/callback`] };
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    clients: [{ ...client, ...redirects, ...(secret === undefined ? { token_endpoint_auth_method: 'none' } : { client_secret: secret }) }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kty: 'RSA', alg: 'RS256', use: 'sig', kid: 'k-1' }] },
    cookies: { keys: ['a key for tests'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    extraTokenClaims: (_context, token) => ('accountId' in token ? accounts[token.accountId] : undefined),
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: 'ledger',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}
