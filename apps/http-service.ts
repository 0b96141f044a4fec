/** The HTTP side of a process: its tokens, limits and address as configured. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createApplication } from '../libs/http/application.js';
import type { Dependencies } from '../libs/http/dependencies.js';
import { keysAt } from '../libs/http/keys-at.js';
import { keyInFile, TokenVerifier, type TokenOptions } from '../libs/http/tokens.js';
import { messageOf } from '../libs/sqlite/database.js';
import { ConfigurationError, type Configuration } from './configuration.js';
import type { Served } from './service.js';

/** The keys of the configured token issuer; `undefined` if none is configured. @throws {ConfigurationError} */
export async function issuersKey(
  { TOKEN_JWKS_URL, TOKEN_KEY_FILE }: Configuration,
  logger: Logger,
): Promise<TokenOptions['key'] | undefined> {
  if (TOKEN_JWKS_URL !== '' && TOKEN_KEY_FILE !== '') throw new ConfigurationError('set TOKEN_JWKS_URL or TOKEN_KEY_FILE, not both');
  if (TOKEN_JWKS_URL !== '')
    return keysAt(TOKEN_JWKS_URL, {
      onUnreachable: (error) => {
        logger.warn({ error }, 'the token issuer’s keys can’t be refreshed; the last fetched ones remain in use');
      },
    });
  if (TOKEN_KEY_FILE === '') return undefined;
  return keyInFile(TOKEN_KEY_FILE).catch((error: unknown) => {
    throw new ConfigurationError(
      `TOKEN_KEY_FILE: ${TOKEN_KEY_FILE} can't be used (${messageOf(error)}); name a file that holds the issuer's public key (PEM or JWK)`,
      { cause: error },
    );
  });
}

export function tokenVerifier({ TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_TYPE }: Configuration, key: TokenOptions['key']): TokenVerifier {
  return new TokenVerifier({ key, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, type: TOKEN_TYPE, now: () => Date.now() });
}

/** Verifies tokens of the configured issuer: one service of several has no key of its own. @throws {ConfigurationError} */
export async function issuersTokens(configuration: Configuration, logger: Logger): Promise<TokenVerifier> {
  const key = await issuersKey(configuration, logger);
  if (!key) throw new ConfigurationError('name the token issuer with TOKEN_JWKS_URL or TOKEN_KEY_FILE');
  return tokenVerifier(configuration, key);
}

/** An error that says what would be right if the process can't listen at its address. */
export function whyNotListening({ PORT, HOST }: Pick<Configuration, 'PORT' | 'HOST'>, error: unknown): unknown {
  const code = Error.isError(error) && 'code' in error ? error.code : undefined;
  const remedies: Record<string, string> = {
    EADDRINUSE: `PORT (--port): port ${PORT} of ${HOST} is in use; end the process that listens there, or name another port, 0 for any free one`,
    EACCES: `PORT (--port): this account may not listen on port ${PORT}; name one above 1023`,
    EADDRNOTAVAIL: `HOST (--host): ${HOST} is no address of this machine; name one of its own, such as 127.0.0.1`,
    ENOTFOUND: `HOST (--host): the name ${HOST} has no address; name an address of this machine, such as 127.0.0.1`,
  };
  const remedy = typeof code === 'string' ? remedies[code] : undefined;
  return remedy === undefined ? error : new ConfigurationError(remedy, { cause: error });
}

/** Tells the operators that a metric lacks the open notices. */
export function notCounted(logger: Logger): (error: unknown) => void {
  return (error) => {
    logger.warn({ error }, 'the open notices can’t be counted; the metric ledger_open_notices has no values until they can');
  };
}

/** Serves over HTTP. `stop` answers the requests in flight and then calls `release`. */
export async function listen(
  configuration: Configuration,
  dependencies: Omit<Dependencies, 'limits' | 'newCommandId' | 'publicReading' | 'corsOrigins'>,
  release: () => Promise<void>,
): Promise<Served> {
  try {
    const application = await createApplication({
      ...dependencies,
      newCommandId: () => randomUUID(),
      limits: {
        body: configuration.BODY_LIMIT,
        batchBody: configuration.BATCH_BODY_LIMIT,
        rate: { withoutToken: configuration.RATE_LIMIT, withToken: configuration.TOKEN_RATE_LIMIT },
        connections: configuration.CONNECTION_LIMIT,
        bodiesInFlight: configuration.BODIES_LIMIT,
        answersInFlight: configuration.ANSWERS_LIMIT,
        trustedProxies: configuration.TRUSTED_PROXIES,
        requestTimeout: configuration.REQUEST_TIMEOUT,
      },
      publicReading: configuration.PUBLIC_READING,
      corsOrigins: configuration.CORS_ORIGINS,
    });
    // Without room for all of them, a burst of connections delays other clients by seconds until they try again.
    const address = { port: configuration.PORT, host: configuration.HOST, backlog: configuration.CONNECTION_LIMIT };
    await application.listen(address).catch((error: unknown) => {
      throw whyNotListening(configuration, error);
    });
    const server: Server = application.getHttpServer();
    const bound: AddressInfo | string | null = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : configuration.PORT;
    const host = configuration.HOST.includes(':') ? `[${configuration.HOST}]` : configuration.HOST;
    return {
      url: `http://${host}:${port}`,
      async stop(patience) {
        // A connection whose request is answered while the server closes would stay open for a next request that never comes.
        const idle = setInterval(() => {
          server.closeIdleConnections();
        }, 20);
        const stalled = setTimeout(() => {
          dependencies.logger.warn('disconnecting clients that neither sent the rest of their requests nor took their answers');
          server.closeAllConnections();
        }, patience);
        await application.close();
        clearInterval(idle);
        clearTimeout(stalled);
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
