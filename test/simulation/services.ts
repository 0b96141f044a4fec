/** The ledger's own processes, assembled as in production, over simulated ports. */
import type { Commands } from '../../libs/command-processing/commands.js';
import { DistributedCommands } from '../../libs/command-processing/distributed-commands.js';
import { EmbeddedCommands } from '../../libs/command-processing/embedded-commands.js';
import { PartitionOwner } from '../../libs/command-processing/partition-owner.js';
import { Processor } from '../../libs/command-processing/processor.js';
import { LogFenced, LogUnreadable, type EventLog } from '../../libs/event-log/ports.js';
import { runProjections } from '../../libs/projections/runner.js';
import type { Seams } from './defects.js';
import type { LedgerPromises } from './promises.js';
import type { SimulatedProcess } from './scheduler.js';
import type { SimulatedInboxes } from './simulated-inbox.js';
import type { SimulatedLog } from './simulated-log.js';
import type { SimulatedModels } from './simulated-models.js';
import type { SimulatedStates } from './simulated-states.js';
import { isUndecidable } from './undecidable.js';

export type Ports = { log: SimulatedLog; inboxes: SimulatedInboxes; models: SimulatedModels; promises: LedgerPromises; seams: Seams };

/** Small limits, so that a short history saves, evicts and restores. */
const small = { cached: 20, saveAfter: 8, saveEvery: 60_000 };

function alarmOf({ name }: SimulatedProcess, promises: LedgerPromises) {
  return (message: string, { commandId, error }: { commandId: string; error: unknown }) => {
    const isFault = message === 'a command could not be decided' && !isUndecidable(commandId);
    promises.hold(!isFault, () => `${name} could not decide a command: ${String(error)}`);
  };
}

/** The ledger in one process; `undefined` if it could not start. */
export async function startEmbedded(
  process: SimulatedProcess,
  [states]: readonly SimulatedStates[],
  ports: Ports,
): Promise<Commands | undefined> {
  const log = ports.log.as(process);
  if (!states) throw new Error('there is no state store');
  try {
    const processor = await Processor.open(
      ports.seams.processor({
        log,
        partition: 0,
        states: states.as(process),
        now: process.now,
        alarm: alarmOf(process, ports.promises),
        ...small,
      }),
    );
    void project(process, log, ports);
    const commands = new EmbeddedCommands(processor, (error) => {
      ports.promises.hold(error instanceof LogFenced, () => `${process.name} stopped: ${String(error)}`);
      process.end();
    });
    return ports.seams.commands(commands);
  } catch (error) {
    ports.promises.hold(!(error instanceof LogUnreadable), () => `${process.name} can’t read the log: ${String(error)}`);
    process.end();
    return undefined;
  }
}

/** One of several services that take and decide commands. */
export async function startCommandsService(process: SimulatedProcess, stores: readonly SimulatedStates[], ports: Ports): Promise<Commands> {
  const log = ports.log.as(process);
  const inbox = ports.inboxes.of(process);
  const onStopped = (partition: number, error: unknown) => {
    ports.promises.hold(false, () => `partition ${partition} has stopped in ${process.name}: ${String(error)}`);
  };
  const owners = stores.map(
    (states, partition) =>
      new PartitionOwner(
        ports.seams.processor({
          log,
          partition,
          states: states.as(process),
          now: process.now,
          alarm: alarmOf(process, ports.promises),
          standsBy: true,
          onStopped,
          wait: process.wait,
          ...small,
        }),
      ),
  );
  const { wait, now } = process;
  const commands = await DistributedCommands.open({ log, inbox, answerWithin: 5_000, now, onUnreadable: onStopped, wait });
  for (const owner of owners) owner.standBy();
  void inbox.own(async (partition, commandsAfter, signal) => {
    await owners[partition]?.serve(commandsAfter, signal);
  });
  return ports.seams.commands(commands);
}

/** One of several services that fold the log into the read models. */
export function startProjectionsService(process: SimulatedProcess, ports: Ports): void {
  void project(process, ports.log.as(process), ports);
}

async function project(process: SimulatedProcess, log: EventLog, { models, promises, seams }: Ports): Promise<void> {
  const foldOn = async (partition: number) => {
    while (process.alive && !process.historyOver.aborted) {
      try {
        await runProjections(
          { log, partition, models: seams.models(models.as(process)), generation: 'g', remembered: 20, atOnce: 20, wait: process.wait },
          process.historyOver,
        );
      } catch (error) {
        promises.hold(!(error instanceof LogUnreadable), () => `${process.name} can’t read the log: ${String(error)}`);
        await process.wait(1_000, process.historyOver);
      }
    }
  };
  await Promise.all(Array.from({ length: log.partitions }, (_, partition) => foldOn(partition)));
}
