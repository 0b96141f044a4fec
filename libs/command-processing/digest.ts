import { hash } from 'node:crypto';
import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { CommandDigest } from '../event-log/ports.js';

/** The largest command, in bytes of its canonical JSON. */
export const largestCommand = 64 * 1024;

/** Stands for a digest that is not known, as of a command whose records were put back from an export: its id alone says that it is the same. */
export const unknownDigest = '0'.repeat(64);

/**
 * A command's identity as sent, which two commands with one id are compared by: SHA-256 of its type, target, date, data, expected version and the party it is on behalf of; the order of its fields doesn't matter.
 * Who sent it and when is no part of it, so that a repeat with a fresh token is still the same command.
 */
export function digestOf(command: Command): CommandDigest {
  const text = canonicalText([
    command.type,
    command.programme,
    command.initiative ?? null,
    command.occurredOn ?? null,
    command.data,
    command.expectedVersion ?? null,
    command.actor.onBehalfOf ?? null,
  ]);
  return { hex: hash('sha256', text, 'hex'), size: Buffer.byteLength(text) };
}
