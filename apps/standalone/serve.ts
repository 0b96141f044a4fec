/** The embedded ledger behind HTTP. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { createApplication } from '../../libs/http/application.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import { keyInFile, keysAt, TokenVerifier, type TokenOptions } from '../../libs/http/tokens.js';
import { ConfigurationError, type Configuration } from '../configuration.js';
import { openEmbeddedLedger } from './embedded-ledger.js';
import { ownKey } from './own-key.js';

/** Logs as JSON lines on standard error; nothing of a request but what is named is logged, so no token ever is. */
export function makeLogger({ LOG_LEVEL }: Pick<Configuration, 'LOG_LEVEL'>): Logger {
  return pino(
    { level: LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Whether only this machine reaches an address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The keys that tokens are checked with. @throws {ConfigurationError} the ledger's own key is for this machine alone */
async function verificationKey({ TOKEN_JWKS_URL, TOKEN_KEY_FILE, DATA_DIR, HOST }: Configuration): Promise<TokenOptions['key']> {
  if (TOKEN_JWKS_URL !== '' && TOKEN_KEY_FILE !== '') throw new ConfigurationError('set TOKEN_JWKS_URL or TOKEN_KEY_FILE, not both');
  if (TOKEN_JWKS_URL !== '') return keysAt(TOKEN_JWKS_URL);
  if (TOKEN_KEY_FILE !== '') return keyInFile(TOKEN_KEY_FILE);
  if (!isLoopback(HOST))
    throw new ConfigurationError(
      `with its own key the ledger listens on loopback only, not on ${HOST}: name a token issuer with TOKEN_JWKS_URL or TOKEN_KEY_FILE`,
    );
  return (await ownKey(DATA_DIR)).publicKey;
}

export type Served = {
  url: string;
  /** Answers what is in flight and lets go of the files. */
  stop(): Promise<void>;
};

/** Opens the ledger and listens. @throws {ConfigurationError} @throws {LedgerLocked} @throws {LedgerDamaged} */
export async function serve(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const key = await verificationKey(configuration);
  const metrics = new LedgerMetrics(() => ledger.lag.current);
  const ledger = await openEmbeddedLedger(configuration, {
    logger,
    now: () => Date.now(),
    onLost,
    observer: {
      committed: (batch) => {
        metrics.committed(batch);
      },
    },
  });
  try {
    const application = await createApplication({
      commands: ledger.commands,
      queries: ledger.queries,
      tokens: new TokenVerifier({
        key,
        issuer: configuration.TOKEN_ISSUER,
        audience: configuration.TOKEN_AUDIENCE,
        type: configuration.TOKEN_TYPE,
        now: () => Date.now(),
      }),
      metrics,
      logger,
      notReady: () => ledger.notReady(),
      newCommandId: () => randomUUID(),
      limits: {
        body: configuration.BODY_LIMIT,
        batchBody: configuration.BATCH_BODY_LIMIT,
        rate: configuration.RATE_LIMIT,
        requestTimeout: configuration.REQUEST_TIMEOUT,
      },
      publicReading: configuration.PUBLIC_READING,
    });
    await application.listen(configuration.PORT, configuration.HOST);
    const address: AddressInfo | string | null = application.getHttpServer().address();
    const port = typeof address === 'object' && address !== null ? address.port : configuration.PORT;
    const host = configuration.HOST.includes(':') ? `[${configuration.HOST}]` : configuration.HOST;
    return {
      url: `http://${host}:${port}`,
      async stop() {
        await application.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** Resolves when somebody asks the process to end. Asked again, it ends at once. */
export async function askedToEnd(): Promise<NodeJS.Signals> {
  const answered = new AbortController();
  try {
    return await Promise.race(
      (['SIGINT', 'SIGTERM'] as const).map(async (name) => {
        await once(process, name, { signal: answered.signal });
        return name;
      }),
    );
  } finally {
    answered.abort();
  }
}
