/** `npm run schemas`: writes the files that describe the events, unless earlier records could no longer be read. */
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { upcasters } from '../../../libs/event-log/record.js';
import { asyncApi } from './asyncapi.js';
import { incompatibilities } from './compatibility.js';
import { eventSchemas } from './event-schemas.js';
import { asyncApiFile, frozenFile, frozenSchemas, schemasFile, schemasIn, versionOfPackage } from './files.js';

const schemas = eventSchemas();
const frozen = frozenSchemas.map(({ file }) => ({ file, kept: schemasIn(file) }));
const faults = frozen.flatMap(({ file, kept }) => incompatibilities(kept, schemas, upcasters).map((fault) => `${file}: ${fault}`));
if (faults.length > 0) {
  process.stderr.write(
    `earlier records could no longer be read; give the type a new schema, and an upcaster in libs/event-log/record.ts:\n${faults.join('\n')}\n`,
  );
  process.exitCode = 1;
} else {
  await write(schemasFile, JSON.stringify(schemas));
  await write(asyncApiFile, stringify(asyncApi(schemas, versionOfPackage())));
  if (!isDeepStrictEqual(frozen.at(-1)?.kept, schemas)) await freeze(frozenFile(frozen.length + 1));
}

/** Stores a version of the schemas for ever, because records will be written by it. */
async function freeze(file: string): Promise<void> {
  await write(file, JSON.stringify(schemas));
  const sha256 = hash('sha256', readFileSync(file));
  process.stdout.write(`the schemas are new: add { file: '${file}', sha256: '${sha256}' } to frozenSchemas in apps/cli/schemas/files.ts\n`);
}

async function write(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
