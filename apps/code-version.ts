import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minorUnits } from '../libs/currencies/iso-4217.js';

/**
 * A short hash of the code in some libraries. What was folded by other code is not trusted: a changed fold builds its state anew
 * without anybody having to remember to raise a number.
 */
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

/** The version of the code that makes the processor's states. */
export function statesVersionOfCode(): string {
  return codeVersion('domain', 'event-log', 'command-processing');
}

/** The name of what this version folds: other code, or other tables of currencies, time zones and characters, make another generation of documents. */
export function generationOfCode(): string {
  const code = codeVersion('domain', 'event-log', 'projections', 'read-models');
  const tables = JSON.stringify([[...minorUnits], process.versions['tz'], process.versions['unicode']]);
  return createHash('sha256').update(code).update(tables).digest('hex').slice(0, 16);
}
