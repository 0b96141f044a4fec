/** A digest of each programme's documents, the same for every kind of log and store. */
import { createHash, type Hash } from 'node:crypto';
import type { Json, ReadModels } from '../read-models/ports.js';
import { collections } from './projections.js';
import { records } from './records/collection.js';

/** SHA-256 (hex) of every programme's documents in the order of their keys. It leaves out the offsets of records, which differ between logs. */
export async function digestReadModels(models: ReadModels, generation: string): Promise<Map<string, string>> {
  const hashes = new Map<string, Hash>();
  for (const { name } of collections)
    for await (const documents of models.scan(generation, name))
      for (const { key, position, body, internal = {} } of documents) {
        const [programme = ''] = key.split('/');
        const hash = hashes.get(programme) ?? createHash('sha256');
        hashes.set(programme, hash);
        const { offset: _, ...withoutAnOffset } = internal;
        hash.update(canonical([name, key, position, body, name === records.name ? withoutAnOffset : internal]));
      }
  return new Map([...hashes].map(([programme, hash]) => [programme, hash.digest('hex')]));
}

/** A value as text that does not depend on the order of its fields. */
export function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
