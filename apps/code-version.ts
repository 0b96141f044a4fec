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

/** The version of the code that folds the processor's states. */
export const statesVersionOfCode = once(() => codeVersion('domain', 'event-log', 'command-processing'));

/** The generation of documents that this version folds. It changes with the code and with the tables of currencies, time zones and characters. */
export const generationOfCode = once(() => {
  const code = codeVersion('domain', 'event-log', 'projections', 'read-models');
  const tables = JSON.stringify([[...minorUnits], process.versions['tz'], process.versions['unicode']]);
  return createHash('sha256').update(code).update(tables).digest('hex').slice(0, 16);
});

/** Computes a text at the first call only: the code does not change while the process runs. */
function once(compute: () => string): () => string {
  let computed: string | undefined;
  return () => (computed ??= compute());
}
