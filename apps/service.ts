/** What every process has in common: its log, how it ends, and the errors that a person can put right. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { redactTokens } from '../libs/http/redact-tokens.js';
import { ConfigurationError, readConfiguration, type Configuration } from './configuration.js';
import { keepFilesPrivate } from './private-folder.js';

/** Logs as JSON lines on standard error, without anything that looks like a token. */
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

/** Something that serves at an address. */
export type Served = {
  url: string;
  /** Answers what is in flight, cuts off clients that take longer than so many milliseconds, and lets go of everything. */
  stop(patience: number): Promise<void>;
};
export type OpenService = (configuration: Configuration, logger: Logger, onLost: (error: unknown) => void) => Promise<Served>;

/** Serves until somebody asks the process to end; then answers what is in flight, within the time configured. */
export async function serveUntilAsked(
  configuration: Configuration,
  open: OpenService,
  announce: (served: Served) => Promise<void> | void,
): Promise<void> {
  const logger = makeLogger(configuration);
  // Listened for from the start: whoever asks while the service opens is not forgotten.
  const asked = askedToEnd();
  const opening = open(configuration, logger, (error) => {
    logger.fatal({ error }, 'the ledger can’t go on and ends; what was answered is recorded');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  const served = await Promise.race([opening, asked.then(() => undefined)]);
  if (!served) {
    logger.info({ signal: await asked }, 'ends before it has served anything');
    // What was opened by then would keep the process alive, and holds nothing that could be lost.
    process.exit();
  }
  await announce(served);
  await endWithin(configuration.SHUTDOWN_TIMEOUT, served, logger, await asked);
}

/** A whole process: its configuration from the environment, a service, and one line for a person where it can't start. */
export async function runService(open: OpenService): Promise<void> {
  keepFilesPrivate();
  try {
    await serveUntilAsked(readConfiguration(process.env), open, ({ url }) => {
      process.stdout.write(`listening at ${url}\n`);
    });
  } catch (error) {
    process.stderr.write(`${Error.isError(error) ? error.message : String(error)}\n`);
    // Whatever was opened by then would keep the process alive, and nothing is served yet that could be lost.
    process.exit(error instanceof ConfigurationError ? 2 : 1);
  }
}

/** Opens what may not be there yet, as when all services start together: tried again until it is, or `isFinal` says that it never will be. */
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

/** The part of the time to end in that clients have to send what they began and to take their answers; the rest is for letting go of everything. */
const forClients = 0.8;

async function endWithin(milliseconds: number, served: Served, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'shutting down: what is in flight is answered');
  let isStopped = false;
  const overdue = setTimeout(() => {
    const open = process.getActiveResourcesInfo();
    // All is answered and saved: a connection that does not end, as to a broker that is busy, makes no end unclean.
    if (isStopped) logger.warn({ open }, 'something was still open when the time was up');
    else logger.error({ open }, 'requests were still in flight, or not all was saved, when the time was up');
    process.exit(isStopped ? undefined : 1);
  }, milliseconds);
  await served.stop(milliseconds * forClients);
  logger.info('shut down');
  isStopped = true;
  // It keeps nothing alive itself; something that does is ended with the time.
  overdue.unref();
}

/** Resolves when somebody asks the process to end. Asked again, it ends at once. */
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
