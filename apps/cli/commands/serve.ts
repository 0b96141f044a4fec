import type { Logger } from 'pino';
import type { Configuration } from '../../configuration.js';
import { askedToEnd, makeLogger, serve, type Served } from '../../standalone/serve.js';

/** Serves until somebody asks the process to end; then answers what is in flight, within the time configured. */
export async function serveUntilAsked(configuration: Configuration, announce: (served: Served) => Promise<void> | void): Promise<void> {
  const logger = makeLogger(configuration);
  // Listened for from the start: whoever asks while the ledger opens is not forgotten.
  const asked = askedToEnd();
  const served = await serve(configuration, logger, (error) => {
    logger.fatal({ error }, 'the ledger can’t go on and ends; what was answered is recorded');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  await announce(served);
  await endWithin(configuration.SHUTDOWN_TIMEOUT, served, logger, await asked);
}

async function endWithin(milliseconds: number, served: Served, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'shutting down: what is in flight is answered');
  const overdue = setTimeout(() => {
    logger.error('requests were still in flight when the time was up');
    // What keeps the process is a connection that doesn't end; what was answered is on the disk.
    process.exit(1);
  }, milliseconds);
  try {
    await served.stop();
  } finally {
    clearTimeout(overdue);
  }
  logger.info('shut down');
}
