/** What all processes share: logging, shutdown, and errors that an operator can correct. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { redactTokens } from '../libs/http/redact-tokens.js';
import { ConfigurationError, readConfiguration, type Configuration } from './configuration.js';
import { keepFilesPrivate } from './private-folder.js';

/** Logs JSON lines to standard error and masks anything that looks like a token. */
export function makeLogger({ LOG_LEVEL }: Pick<Configuration, 'LOG_LEVEL'>): Logger {
  return pino(
    {
      level: LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      hooks: { streamWrite: redactTokens },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A running service. */
export type Served = {
  url: string;
  /** Answers the requests in flight, disconnects clients that take longer than `patience` milliseconds, and releases all resources. */
  stop(patience: number): Promise<void>;
};
export type OpenService = (configuration: Configuration, logger: Logger, onLost: (error: unknown) => void) => Promise<Served>;

/** Serves until somebody asks the process to end, then answers the requests in flight within the configured time. */
export async function serveUntilAsked(
  configuration: Configuration,
  open: OpenService,
  announce: (served: Served) => Promise<void> | void,
): Promise<void> {
  const logger = makeLogger(configuration);
  // Listens from the start, so that a signal while the service opens is not lost.
  const asked = askedToEnd();
  const opening = open(configuration, logger, (error) => {
    logger.fatal({ error }, 'the ledger can’t continue and ends; everything acknowledged is recorded');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  const served = await Promise.race([opening, asked.then(() => undefined)]);
  if (!served) {
    logger.info({ signal: await asked }, 'ending before anything was served');
    // Open resources would keep the process alive. They hold nothing that could be lost.
    process.exit();
  }
  await announce(served);
  await endWithin(configuration.SHUTDOWN_TIMEOUT, served, logger, await asked);
}

/** Runs a whole process: reads the configuration, serves, and prints one line for a person if it can't start. */
export async function runService(open: OpenService): Promise<void> {
  keepFilesPrivate();
  try {
    await serveUntilAsked(readConfiguration(process.env), open, ({ url }) => {
      process.stdout.write(`listening at ${url}\n`);
    });
  } catch (error) {
    process.stderr.write(`${Error.isError(error) ? error.message : String(error)}\n`);
    // Open resources would keep the process alive. Nothing has been served that could be lost.
    process.exit(error instanceof ConfigurationError ? 2 : 1);
  }
}

/** Opens something that may not be ready yet, as when all services start together. Tries again until it opens or `isFinal` says that it never will. */
export async function opened<T>(what: string, logger: Logger, open: () => Promise<T>, isFinal: (error: unknown) => boolean): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (isFinal(error)) throw error;
      logger.warn(`${what} can’t be reached yet: ${Error.isError(error) ? error.message : String(error)}`);
      await wait(1_000);
    }
  }
}

/** The share of the shutdown time in which clients can send the rest of their requests and take their answers; the rest is for releasing resources. */
const forClients = 0.8;

async function endWithin(milliseconds: number, served: Served, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'shutting down: answering requests in flight');
  let isStopped = false;
  const overdue = setTimeout(() => {
    const open = process.getActiveResourcesInfo();
    // Everything is answered and saved: a connection that does not close, as to a busy broker, makes no shutdown unclean.
    if (isStopped) logger.warn({ open }, 'resources were still open when the time was up');
    else logger.error({ open }, 'requests were still in flight, or data was not saved, when the time was up');
    process.exit(isStopped ? undefined : 1);
  }, milliseconds);
  await served.stop(milliseconds * forClients);
  logger.info('shut down');
  isStopped = true;
  // The timer itself keeps nothing alive. If something else does, the process ends when the time is up.
  overdue.unref();
}

/** Resolves at the first signal to end. A second signal ends the process at once. */
async function askedToEnd(): Promise<NodeJS.Signals> {
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
