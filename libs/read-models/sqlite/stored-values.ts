/** Values of the read models' own tables, from rows. */
import type { Head } from '../../event-log/ports.js';
import { type Checkpoint, type JsonObject } from '../ports.js';

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function headIn(row: Record<string, unknown>): Head {
  return { position: Number(row['position']), hash: String(row['hash']), recordedAt: String(row['recorded_at']) };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function checkpointOf(text: string): Checkpoint {
  const parsed: unknown = JSON.parse(text);
  const offsets = isObject(parsed) ? Object.entries(parsed) : [];
  return Object.fromEntries(offsets.map(([partition, offset]) => [partition, Number(offset)]));
}
