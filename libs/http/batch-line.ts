import type { Command } from '../domain/commands.js';
import { toWire } from '../event-log/record.js';
import { MalformedCommand, type Fault } from './malformed-command.js';
import { parseBatchLine } from './parse-command.js';

/** A command as a line of a batch: the form in which rows of an import and of a spreadsheet are validated and sent. */
export function lineOf({ type, commandId, initiative, occurredOn, expectedVersion, actor, data, references }: Command): string {
  return JSON.stringify({
    commandId,
    type,
    ...(initiative !== undefined && { initiative }),
    ...(occurredOn !== undefined && { occurredOn }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(actor.onBehalfOf && { onBehalfOf: actor.onBehalfOf }),
    ...(references && { references }),
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
