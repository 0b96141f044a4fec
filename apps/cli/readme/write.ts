import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { makeProgram } from '../program.js';
import { capabilitiesTable, commandsTable, commonRefusalsList, foldersTable, settingsTable, withBlock } from './tables.js';

async function write(file: string, blocks: Readonly<Record<string, string>>): Promise<void> {
  let text = readFileSync(file, 'utf8');
  for (const [name, block] of Object.entries(blocks)) text = withBlock(text, name, block);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

await write('README.md', { folders: foldersTable() });
await write('docs/reference.md', {
  'common-refusals': commonRefusalsList(),
  capabilities: capabilitiesTable(),
  'command-line': commandsTable(makeProgram({})),
  settings: settingsTable(),
});
