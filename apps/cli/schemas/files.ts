import { readFileSync } from 'node:fs';
import { isSchema, type JsonSchema } from './event-schemas.js';

/** The files that describe the events. */
export const schemasFile = 'docs/events.schema.json';
export const asyncApiFile = 'docs/asyncapi.yaml';

/**
 * Every version of the schemas that records may have been written by, oldest first, with the SHA-256 of the file. Versions are only added, never changed,
 * because records written by them are kept for ever. The newest one is published.
 */
export const frozenSchemas: readonly { file: string; sha256: string }[] = [
  { file: 'docs/schemas/events.v1.json', sha256: 'dac5270decffc0b2520b6d8a20e3d09c9a91d9ecf1bb291d759c3e8dba116e1d' },
  { file: 'docs/schemas/events.v2.json', sha256: '57cf7c9f1cd06639bd942573ce4c44290194f6466269726b311e660b564cc88a' },
  { file: 'docs/schemas/events.v3.json', sha256: '0a1bb1358bdaf88ac2c64d76fa18943c9defc6c034a660367fb4403449005cb2' },
  { file: 'docs/schemas/events.v4.json', sha256: '41cc4b9220b0e21e8036a3950d50909d59b694e6f052b7c2dbfb3dab7bc5ef6d' },
];
/** The file of a version of the schemas, from 1 on. */
export const frozenFile = (version: number) => `docs/schemas/events.v${version}.json`;

/** Reads stored schemas. */
export function schemasIn(file: string): JsonSchema {
  const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isSchema(kept)) throw new TypeError(`${file} holds no schemas`);
  return kept;
}

/** The version of this package. */
export function versionOfPackage(): string {
  const own: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
  return isSchema(own) && typeof own['version'] === 'string' ? own['version'] : '';
}
