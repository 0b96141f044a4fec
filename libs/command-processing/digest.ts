import { hash } from 'node:crypto';
import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { CommandDigest } from '../event-log/ports.js';

/** The largest command, in bytes of its canonical JSON. */
export const largestCommand = 64 * 1024;

/** Stands for a digest that is not known, as of a command whose records were put back from an export: its id alone says that it is the same. */
export const unknownDigest = '0'.repeat(64);

/**
 * A command's identity, which two commands with one id are compared by: SHA-256 of its type, target, date, data and the party it is on behalf of.
 * The order of its fields doesn't matter. Who sent it, when, and the version its sender had seen are no part of it: a repeat with a fresh token and a
 * fresh `If-Match` asks for the same.
 */
export function digestOf(command: Command): CommandDigest {
  return digestWith(command, undefined);
}

/** Whether a digest is that of this command, also as earlier versions of the ledger made it: with the expected version. */
export function isDigestOf(digest: string, command: Command): boolean {
  return digest === digestOf(command).hex || digest === digestWith(command, command.expectedVersion).hex;
}

function digestWith(command: Command, expectedVersion: number | undefined): CommandDigest {
  const text = canonicalText([
    command.type,
    command.programme,
    command.initiative ?? null,
    command.occurredOn ?? null,
    command.data,
    // Kept as a field: a command without an expected version has the digest that it always had.
    expectedVersion ?? null,
    command.actor.onBehalfOf ?? null,
  ]);
  return { hex: hash('sha256', text, 'hex'), size: Buffer.byteLength(text) };
}
