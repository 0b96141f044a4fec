import { readFileSync } from 'node:fs';
import { isSchema } from './event-schemas.js';

/** Where what describes the events is kept. */
export const schemasFile = 'docs/events.schema.json';
export const asyncApiFile = 'docs/asyncapi.yaml';

/** The version of this package. */
export function versionOfPackage(): string {
  const own: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
  return isSchema(own) && typeof own['version'] === 'string' ? own['version'] : '';
}
