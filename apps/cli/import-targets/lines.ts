import type { Command } from '../../../libs/domain/commands.js';
import { toWire } from '../../../libs/event-log/record.js';
import { MalformedCommand, type Fault } from '../../../libs/http/malformed-command.js';
import { isCode, parseBatchLine } from '../../../libs/http/parse-command.js';

/** A command as a line of a batch: the form in which rows of an import are validated for every target. */
export function lineOf({ type, commandId, initiative, occurredOn, expectedVersion, actor, data }: Command): string {
  return JSON.stringify({
    commandId,
    type,
    ...(initiative !== undefined && { initiative }),
    ...(occurredOn !== undefined && { occurredOn }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(actor.onBehalfOf && { onBehalfOf: actor.onBehalfOf }),
    data: toWire(data),
  });
}

/** The faults for which a ledger would refuse a command as malformed; empty if there are none. */
export function faultsOf(command: Command): readonly Fault[] {
  try {
    const { onBehalfOf: _, ...sender } = command.actor;
    parseBatchLine(lineOf(command), command.programme, sender);
    return [];
  } catch (error) {
    if (error instanceof MalformedCommand) return error.faults;
    throw error;
  }
}

/** The programme that all commands of a batch go to. */
export function programmeOf(commands: readonly Command[]): string {
  const [programme, ...others] = new Set(commands.map((command) => command.programme));
  if (!isCode(programme) || others.length > 0) throw new Error('a batch goes to one programme');
  return programme;
}
