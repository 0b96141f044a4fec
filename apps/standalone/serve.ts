/** The embedded ledger behind HTTP. */
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import { countedNotices } from '../../libs/application/counted-notices.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import type { TokenOptions } from '../../libs/http/tokens.js';
import { ConfigurationError, type Configuration } from '../configuration.js';
import { headsFolder, keepDailyHeads } from '../daily-heads.js';
import { issuersKey, listen, notCounted, tokenVerifier } from '../http-service.js';
import { pagesOf } from '../pages.js';
import type { Served } from '../service.js';
import { ReaderThreads } from '../readers/reader-threads.js';
import { checkpointHost, checkpointKeyFile } from '../checkpoint-key.js';
import { witnessPolicy } from '../witness-policy.js';
import { openEmbeddedLedger } from './embedded-ledger.js';
import { filesOf } from './ledger-files.js';
import { ownKey } from './own-key.js';
import { startProof } from './proof-thread.js';

/** Whether an address can be reached from this machine only. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The keys that verify tokens. @throws {ConfigurationError} the ledger's own key serves loopback only */
async function verificationKey(configuration: Configuration, logger: Logger): Promise<TokenOptions['key']> {
  const key = await issuersKey(configuration, logger);
  if (key) return key;
  const { DATA_DIR, HOST } = configuration;
  if (!isLoopback(HOST))
    throw new ConfigurationError(
      `with its own key the ledger listens on loopback only, not on ${HOST}: name a token issuer with TOKEN_JWKS_URL or TOKEN_KEY_FILE`,
    );
  return (await ownKey(DATA_DIR)).publicKey;
}

/** Opens the ledger and listens. @throws {ConfigurationError} @throws {LedgerLocked} @throws {LedgerDamaged} */
export async function serve(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const key = await verificationKey(configuration, logger);
  const policy = await witnessPolicy(configuration);
  const metrics = new LedgerMetrics({
    lag: () => ledger.lag.current,
    notices: countedNotices(() => ledger.reading, notCounted(logger)),
    ...(policy && { uncosignedSince: () => proof.waitingSince() }),
  });
  const files = filesOf(configuration);
  const readers = new ReaderThreads({ sqliteFile: files.models }, logger);
  const ledger = await openEmbeddedLedger(configuration, {
    logger,
    readers,
    now: () => Date.now(),
    onLost,
    observer: {
      committed: (batch) => {
        metrics.committed(batch);
      },
    },
  });
  const dailyHeads = keepDailyHeads({
    folder: headsFolder(configuration),
    heads: () => ledger.heads(),
    now: () => Date.now(),
    onFailed: (error) => {
      logger.error({ error }, 'the heads of the day can’t be written');
    },
  });
  const proof = startProof(
    {
      logFile: files.log,
      treesFile: files.trees,
      signedFile: files.signed,
      cosignedFile: files.cosigned,
      policy: policy?.text ?? '',
      documentsFile: files.documents,
      statementsFile: files.statements,
      keyFile: checkpointKeyFile(configuration),
      host: checkpointHost(configuration),
      publishes: configuration.STATEMENTS,
    },
    (command) => ledger.commands.submit(command),
    logger,
  );
  return listen(
    configuration,
    {
      commands: ledger.commands,
      reading: ledger.reading,
      proof: proof.proof,
      tables: readers.tables,
      ...pagesOf(configuration),
      tokens: tokenVerifier(configuration, key),
      metrics,
      logger,
      notReady: () => ledger.notReady(),
    },
    async () => {
      await readers.close();
      await proof.stop();
      await ledger.close();
      await dailyHeads.stop();
    },
  );
}
