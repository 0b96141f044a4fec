import { hash } from 'node:crypto';
import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { CommandDigest } from '../event-log/ports.js';

/** The largest command, in bytes of its canonical JSON. */
export const largestCommand = 64 * 1024;

/** Stands for an unknown digest, as of a command whose records were imported from an export: then the command id alone identifies a repeat. */
export const unknownDigest = '0'.repeat(64);

/**
 * Identifies a command's content, to compare two commands with one id: SHA-256 of its type, target, date, data, papers and the party it is on behalf of. The order of
 * fields doesn't matter. The sender, the time and the version that the sender had seen are not part of it: a repeat with a fresh token and a fresh `If-Match`
 * is the same command.
 */
export function digestOf(command: Command): CommandDigest {
  return digestWith(command, undefined);
}

/** Whether a digest is that of this command. Earlier versions of the ledger included the expected version; their digests count too. */
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
    // The field stays even when it is null, so that a command without an expected version keeps the digest it always had.
    expectedVersion ?? null,
    command.actor.onBehalfOf ?? null,
    // Only where there are some, so that a command without papers keeps the digest it always had.
    ...(command.references ? [command.references] : []),
  ]);
  return { hex: hash('sha256', text, 'hex'), size: Buffer.byteLength(text) };
}
