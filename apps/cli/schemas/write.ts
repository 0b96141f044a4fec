/** `npm run schemas`: writes what describes the events, unless records that were written before would no longer be read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { asyncApi } from './asyncapi.js';
import { incompatibilities } from './compatibility.js';
import { eventSchemas, isSchema } from './event-schemas.js';
import { asyncApiFile, schemasFile, versionOfPackage } from './files.js';

const schemas = eventSchemas();
const written: unknown = JSON.parse(readFileSync(schemasFile, 'utf8'));
const faults = isSchema(written) ? incompatibilities(written, schemas) : [];
if (faults.length > 0) {
  process.stderr.write(
    `records that were written before would no longer be read; give the event a new schema version and an upcaster:\n${faults.join('\n')}\n`,
  );
  process.exitCode = 1;
} else {
  await write(schemasFile, JSON.stringify(schemas));
  await write(asyncApiFile, stringify(asyncApi(schemas, versionOfPackage())));
}

async function write(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
