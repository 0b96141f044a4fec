/** A message of the inbox as the bytes of a Kafka message: JSON, with money as decimal strings, as in a record. */
import { type Command } from '../../domain/commands.js';
import { initiativeCommandTypes, programmeCommandTypes } from '../../domain/capabilities.js';
import { programmeOf, type CommandDigest, type Offset, type Received, type Sent, type SomeCommands } from '../ports.js';
import { partitionOf } from '../partition-of.js';
import { readMoneyOfCommand, toWire } from '../record.js';
import { trusted } from '../../trusted/trusted.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

export function bytesOfSent(sent: Sent): Buffer {
  return Buffer.from(JSON.stringify(wireOf(sent)));
}

/** The field name of a dry run never changes, so that older messages stay readable. */
function wireOf(sent: Sent): object {
  if ('command' in sent) return { command: wired(sent.command), digest: sent.digest };
  return 'dryRun' in sent ? { rehearsal: sent.dryRun.map(wired) } : { atomic: sent.atomic.map(wired) };
}

/** Only a command's data holds money. */
function wired(command: Command): object {
  return { ...command, data: toWire(command.data) };
}

/** Reads a message. Bytes that are not a command, or a command of another partition, become `unreadable`: the partition's owner says so in the outcome. */
export function receivedOf(offset: Offset, bytes: Uint8Array, partition: number, partitions: number): Received {
  const sent = sentIn(bytes);
  if (sent && partitionOf(programmeOf(sent), partitions) === partition) return { offset, ...sent };
  return { offset, unreadable: bytes };
}

function sentIn(bytes: Uint8Array): Sent | undefined {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(bytes));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    if ('command' in parsed && isCommand(parsed.command)) {
      const command = unwired(trusted(parsed.command));
      return 'digest' in parsed && isDigest(parsed.digest) ? { command, digest: parsed.digest } : { command };
    }
    if ('rehearsal' in parsed && areCommands(parsed.rehearsal)) return { dryRun: allUnwired(trusted(parsed.rehearsal)) };
    if ('atomic' in parsed && areCommands(parsed.atomic)) return { atomic: allUnwired(trusted(parsed.atomic)) };
  } catch {
    // It is not JSON, or an amount is not a number.
  }
  return undefined;
}

/** Converts a command's money back to numbers, in place. */
function unwired(command: Command): Command {
  readMoneyOfCommand(command);
  return command;
}

function allUnwired(commands: SomeCommands): SomeCommands {
  commands.forEach(unwired);
  return commands;
}

function areCommands(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isCommand);
}

function isDigest(value: unknown): value is CommandDigest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'hex' in value &&
    typeof value.hex === 'string' &&
    'size' in value &&
    typeof value.size === 'number'
  );
}

const types: ReadonlySet<unknown> = new Set([...programmeCommandTypes, ...initiativeCommandTypes]);

/** Only the ledger's own services write the inbox, after they validated a command: its outline is checked, its details are trusted. */
function isCommand(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    types.has(value.type) &&
    'programme' in value &&
    typeof value.programme === 'string' &&
    'commandId' in value &&
    typeof value.commandId === 'string' &&
    'data' in value &&
    typeof value.data === 'object' &&
    value.data !== null &&
    'actor' in value &&
    typeof value.actor === 'object' &&
    value.actor !== null &&
    'organisation' in value.actor &&
    typeof value.actor.organisation === 'string'
  );
}
