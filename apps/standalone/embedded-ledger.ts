/** The whole ledger in one process, without HTTP: what `serve`, `demo` and `import` open. */
import type { Logger } from 'pino';
import { EmbeddedCommands } from '../../libs/command-processing/embedded-commands.js';
import { Processor } from '../../libs/command-processing/processor.js';
import { type ProcessorObserver } from '../../libs/command-processing/processor-options.js';
import type { Heads } from '../../libs/event-log/ports.js';
import { startLogThread } from '../../libs/event-log/sqlite/log-thread.js';
import { Reading } from '../../libs/application/reading.js';
import type { Readers } from '../../libs/projections/readers.js';
import { openSqliteReadModels, type SqliteReadModels } from '../../libs/read-models/sqlite/sqlite-read-models.js';
import type { Configuration } from '../configuration.js';
import { statesVersionOfCode, generationOfCode } from '../code-version.js';
import { Lag } from '../lag.js';
import { makeDataFolder } from '../private-folder.js';
import { checkCaches } from './caches.js';
import { filesOf, type LedgerFiles } from './ledger-files.js';
import { startProjections } from './projections-thread.js';

export type EmbeddedLedger = {
  commands: EmbeddedCommands;
  reading: Reading;
  lag: Lag;
  /** Every programme's durable head. */
  heads(): Heads;
  /** Why readers can't be served; `undefined` if they can. */
  notReady(): Promise<string | undefined>;
  /** Takes no more commands, answers those that wait, saves the states and closes the files. */
  close(): Promise<void>;
};
export type EmbeddedOptions = {
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The process can't continue: another one writes the log, or an unexpected error happened. */
  onLost: (error: unknown) => void;
  observer?: Partial<ProcessorObserver>;
  /** They run long reads; if absent, this thread does. */
  readers?: Readers;
};

/** @throws {LedgerLocked} another process writes this ledger @throws {LedgerDamaged} @throws {LedgerShortened} */
export async function openEmbeddedLedger(configuration: Configuration, options: EmbeddedOptions): Promise<EmbeddedLedger> {
  const files = filesOf(configuration);
  await makeDataFolder(configuration.DATA_DIR);
  await checkCaches(files);
  const written = await startLogThread({
    logFile: files.log,
    stateFile: files.states,
    codeVersion: statesVersionOfCode(),
    onLost: options.onLost,
    onDiscarded: (reason) => {
      options.logger.error({ reason }, 'the state store was damaged: it is discarded and folded again from the log');
    },
  });
  try {
    return await openOver(written, files, configuration, options);
  } catch (error) {
    written.states.close();
    await written.log.close();
    throw error;
  }
}

type Written = Awaited<ReturnType<typeof startLogThread>>;

/** Opens everything that is built on the log. */
async function openOver(
  { log, states }: Written,
  files: LedgerFiles,
  configuration: Configuration,
  { logger, now, onLost, observer, readers }: EmbeddedOptions,
): Promise<EmbeddedLedger> {
  const lag = new Lag(() => performance.now());
  const processor = await Processor.open({
    log,
    partition: 0,
    states,
    now,
    acceptedUpTo: configuration.ACCEPT_RECORDED_UP_TO,
    cached: configuration.CACHED_STATES,
    alarm: (message, detail) => {
      logger.error(detail, message);
    },
    observer: {
      committed(batch) {
        lag.onCommitted(batch.offset);
        observer?.committed?.(batch);
      },
      restored(start) {
        lag.onCommitted(start.offset);
        observer?.restored?.(start);
      },
    },
  });
  const commands = new EmbeddedCommands(processor, onLost);
  let stopped: string | undefined;
  const projections = await startProjections(
    { logFile: files.log, modelsFile: files.models, generation: generationOfCode() },
    {
      folded: (offset) => {
        stopped = undefined;
        lag.onFolded(offset);
      },
      retrying: (message) => {
        stopped = `the read models can’t be updated now: ${message}`;
        logger.error(stopped);
      },
      serving: (generation) => {
        logger.info({ generation }, 'the read models are complete and serve');
      },
      failed: (message) => {
        stopped = `the read models are no longer updated: ${message}`;
        logger.fatal(stopped);
      },
    },
  );
  let models: SqliteReadModels;
  try {
    models = openSqliteReadModels(files.models, 'read');
  } catch (error) {
    await projections.stop();
    throw error;
  }
  return {
    commands,
    reading: new Reading(models, () => performance.now(), readers),
    lag,
    heads: () => processor.durableHeads,
    async notReady() {
      if (stopped !== undefined) return stopped;
      return (await models.serving()) === undefined ? 'the read models are being built' : undefined;
    },
    async close() {
      await commands.close();
      await projections.stop();
      await models.close();
      states.close();
      await log.close();
    },
  };
}
