import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { CommandDigest } from '../event-log/ports.js';
import { toWire, type RefusedCommand } from '../event-log/record.js';

/** A refused command up to 4,096 bytes is recorded whole; of a larger one, the first 1,024 characters of its data. */
const [keptWhole, kept] = [4_096, 1_024];

/** The form of a refused command in its record: whole, or for a large one its digest and beginning. */
export function refusedCommand(command: Command, { hex, size }: CommandDigest): RefusedCommand {
  const { type, occurredOn, expectedVersion, references } = command;
  const envelope = { ...(occurredOn !== undefined && { occurredOn }), ...(expectedVersion !== undefined && { expectedVersion }) };
  if (size <= keptWhole) return toWire({ type, data: command.data, ...envelope, ...(references && { references }) });
  const beginning = canonicalText(command.data).slice(0, kept).toWellFormed();
  return { type, data: {}, cut: { digest: hex, bytes: size, beginning }, ...envelope };
}
