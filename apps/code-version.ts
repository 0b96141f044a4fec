import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minorUnits } from '../libs/currencies/iso-4217.js';

/** A short hash of the code of some libraries. State folded by other code is not trusted, so a changed fold rebuilds it without a version number to raise. */
export function codeVersion(
  ...libraries: readonly ('domain' | 'event-log' | 'command-processing' | 'projections' | 'read-models')[]
): string {
  const hash = createHash('sha256');
  for (const library of libraries) {
    const folder = fileURLToPath(new URL(`../libs/${library}/`, import.meta.url));
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
      (file) => file.isFile() && /(?<!\.d|spec)\.[jt]s$/.test(file.name),
    );
    for (const file of files.map(({ parentPath, name }) => `${parentPath}/${name}`).sort())
      hash.update(file.slice(folder.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

let statesVersion: string | undefined;
/** The version of the code that folds the processor's states, computed once in a process. */
export function statesVersionOfCode(): string {
  return (statesVersion ??= codeVersion('domain', 'event-log', 'command-processing'));
}

let generation: string | undefined;

/**
 * The generation of documents that this version folds, computed once in a process. It changes with the code and with the tables of currencies, time zones and
 * characters.
 */
export function generationOfCode(): string {
  return (generation ??= computedGeneration());
}
function computedGeneration(): string {
  const code = codeVersion('domain', 'event-log', 'projections', 'read-models');
  const tables = JSON.stringify([[...minorUnits], process.versions['tz'], process.versions['unicode']]);
  return createHash('sha256').update(code).update(tables).digest('hex').slice(0, 16);
}
