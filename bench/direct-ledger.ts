/** A ledger in a file, filled without HTTP, as `ledger serve` would write it. */
import { EmbeddedCommands } from '../libs/command-processing/embedded-commands.js';
import { Processor } from '../libs/command-processing/processor.js';
import type { Command } from '../libs/domain/commands.js';
import { startLogThread } from '../libs/event-log/sqlite/log-thread.js';
import { statesVersionOfCode } from '../apps/code-version.js';

export type DirectLedger = {
  /** @throws {Error} a command is refused */
  submit(commands: readonly Command[]): Promise<void>;
  close(): Promise<void>;
};

/** Opens the ledger in `logFile`; `onLost` throws the error with which it is lost. */
export async function openDirectLedger(logFile: string, onLost: (error: unknown) => never): Promise<DirectLedger> {
  const { log, states } = await startLogThread({ logFile, stateFile: `${logFile}.states`, codeVersion: statesVersionOfCode(), onLost });
  const alarm = (message: string) => onLost(new Error(message));
  const processor = await Processor.open({ log, partition: 0, states, now: () => Date.now(), alarm });
  const commands = new EmbeddedCommands(processor, onLost);
  return {
    async submit(some) {
      for (const outcome of await commands.submitAll(some)) if (outcome.kind !== 'accepted') throw new Error(outcome.detail);
    },
    async close() {
      await commands.close();
      states.close();
      await log.close();
    },
  };
}
