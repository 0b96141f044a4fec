import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { capabilities, commandsByFolder } from '../../../libs/domain/capabilities.js';
import { makeProgram } from '../program.js';
import { capabilitiesTable, commandsTable, commonRefusalsList, foldersTable, settingsTable } from './tables.js';

const reference = readFileSync('docs/reference.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');
/** A table without the padding that aligns its columns, so that only its content is compared. */
const unaligned = (table: string) => table.replace(/ +/g, ' ').replace(/-{3,}/g, '---').trim();
const block = (text: string, name: string) =>
  new RegExp(`<!-- generated: ${name} -->\\n([\\s\\S]*?)<!-- end of generated -->`).exec(text)?.[1] ?? '';

describe('the README', () => {
  it('lists every command and who sends it as the domain has them (npm run readme)', () => {
    expect(unaligned(block(readme, 'folders'))).toBe(unaligned(foldersTable()));
    expect(Object.values(commandsByFolder).flat().toSorted()).toEqual(Object.keys(capabilities).toSorted());
    for (const folder of Object.keys(commandsByFolder)) expect(existsSync(`libs/domain/${folder}/capabilities.ts`)).toBe(true);
  });

  it('has at most 120 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });
});

describe('the reference', () => {
  it('lists every command of the ledger, who sends it, when, and how it may be refused, as the domain has them (npm run readme)', () => {
    expect(unaligned(block(reference, 'capabilities'))).toBe(unaligned(capabilitiesTable()));
    expect(unaligned(block(reference, 'common-refusals'))).toBe(unaligned(commonRefusalsList()));
  });

  it('lists every command and option as the command line has them (npm run readme)', () => {
    expect(unaligned(block(reference, 'command-line'))).toBe(unaligned(commandsTable(makeProgram({}))));
  });

  it('lists every setting as the configuration has them (npm run readme)', () => {
    expect(unaligned(block(reference, 'settings'))).toBe(unaligned(settingsTable()));
  });
});

describe('the documents', () => {
  const documents = ['README.md', ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file))].filter(
    (file) => file.endsWith('.md'),
  );
  it.each(documents)('%s links to what is there', (document) => {
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? '');
    const missing = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(dirname(document), link)));
    expect(missing).toEqual([]);
  });
});
