import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { CommandDigest } from '../event-log/ports.js';
import { toWire, type RefusedCommand } from '../event-log/record.js';

/** Bytes up to which a refused command is recorded whole, and characters of the data of a larger one. */
const [keptWhole, kept] = [4_096, 1_024];

/** A refused command as its record keeps it: whole, or the digest and the beginning of a large one. */
export function refusedCommand(command: Command, { hex, size }: CommandDigest): RefusedCommand {
  const { type, occurredOn, expectedVersion } = command;
  const envelope = { ...(occurredOn !== undefined && { occurredOn }), ...(expectedVersion !== undefined && { expectedVersion }) };
  if (size <= keptWhole) return toWire({ type, data: command.data, ...envelope });
  const beginning = canonicalText(command.data).slice(0, kept).toWellFormed();
  return { type, data: {}, cut: { digest: hex, bytes: size, beginning }, ...envelope };
}
