import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** The requirements of level 1 and 2 of OWASP ASVS 5.0.0, by section: 70 and 183 of them. */
const required: Readonly<Record<string, readonly number[]>> = {
  ...{ '1.1': [1, 2], '1.2': upTo(9), '1.3': upTo(11), '1.4': upTo(3), '1.5': [1, 2] },
  ...{ '2.1': upTo(3), '2.2': upTo(3), '2.3': upTo(4), '2.4': [1] },
  ...{ '3.2': [1, 2], '3.3': upTo(4), '3.4': upTo(6), '3.5': upTo(5), '3.7': [1, 2] },
  ...{ '4.1': upTo(3), '4.2': [1], '4.3': [1, 2], '4.4': upTo(4) },
  ...{ '5.1': [1], '5.2': upTo(3), '5.3': [1, 2], '5.4': upTo(3) },
  ...{ '6.1': upTo(3), '6.2': upTo(12), '6.3': upTo(4), '6.4': upTo(4), '6.5': upTo(5), '6.6': upTo(3), '6.8': upTo(4) },
  ...{ '7.1': upTo(3), '7.2': upTo(4), '7.3': [1, 2], '7.4': upTo(5), '7.5': [1, 2], '7.6': [1, 2] },
  ...{ '8.1': [1, 2], '8.2': upTo(3), '8.3': [1], '8.4': [1] },
  ...{ '9.1': upTo(3), '9.2': upTo(4) },
  ...{ '10.1': [1, 2], '10.2': [1, 2], '10.3': upTo(4), '10.4': upTo(11), '10.5': upTo(5), '10.6': [1, 2], '10.7': upTo(3) },
  ...{ '11.1': [1, 2], '11.2': upTo(3), '11.3': upTo(3), '11.4': upTo(4), '11.5': [1], '11.6': [1] },
  ...{ '12.1': upTo(3), '12.2': [1, 2], '12.3': upTo(4) },
  ...{ '13.1': [1], '13.2': upTo(5), '13.3': [1, 2], '13.4': upTo(5) },
  ...{ '14.1': [1, 2], '14.2': upTo(4), '14.3': upTo(3) },
  ...{ '15.1': upTo(3), '15.2': upTo(3), '15.3': upTo(7) },
  ...{ '16.1': [1], '16.2': upTo(5), '16.3': upTo(4), '16.4': upTo(3), '16.5': upTo(3) },
  ...{ '17.1': [1], '17.2': upTo(4), '17.3': [1, 2] },
};
function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
const ids = Object.entries(required).flatMap(([section, numbers]) => numbers.map((number) => `${section}.${number}`));

/** The rows of the table under a heading, cell by cell. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = readFileSync('docs/asvs.md', 'utf8').split(`\n## ${heading}\n`);
  const [, ...lines] = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|') && !/^\| *-/.test(line));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
const shown = rowsUnder('Shown by tests');
const notApplying = rowsUnder('Does not apply');
const operators = rowsUnder('Left to the operator');
const itemsOf = (rows: string[][]) => rows.flatMap(([items = '']) => items.split(', '));

describe('docs/asvs.md', () => {
  it('has every requirement of levels 1 and 2 in exactly one row, and no other', () => {
    expect(ids).toHaveLength(70 + 183);
    const listed = [shown, notApplying, operators].flatMap(itemsOf);
    expect(listed.filter((item, index) => listed.indexOf(item) !== index)).toEqual([]);
    expect(ids.filter((id) => !listed.includes(id))).toEqual([]);
    expect(listed.filter((item) => !ids.includes(item))).toEqual([]);
  });

  it.each(shown.map(([items = '', , tests = '']): [string, string] => [items, tests]))(
    '%s is shown by tests that are there',
    (_items, tests) => {
      const named = [...tests.matchAll(/`([^`›]+) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({ file, title }));
      expect(named.length).toBe(tests.split(' › ').length - 1);
      expect(named.length).toBeGreaterThan(0);
      for (const { file, title } of named) expect({ file, title, isThere: hasTest(file, title) }).toEqual({ file, title, isThere: true });
    },
  );

  it('says why a requirement does not apply', () => {
    expect(notApplying.filter(([, why = '']) => why.length < 8)).toEqual([]);
  });

  it('leaves to the operator what operations.md has a section on', () => {
    const sections = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    for (const [items, , where = ''] of operators) {
      const [, section, anchor] = /^\[(.+)\]\(operations\.md#([a-z-]+)\)$/.exec(where) ?? [];
      expect({ items, section: sections.includes(section) }).toEqual({ items, section: true });
      expect(anchor).toBe(
        section
          ?.toLowerCase()
          .replaceAll(/[^a-z ]/g, '')
          .replaceAll(' ', '-'),
      );
    }
  });
});

/** Whether a file has a test, or a check of the fuzz, of exactly that title. */
function hasTest(file: string, title: string): boolean {
  return existsSync(file) && ["'", '`'].some((quote) => readFileSync(file, 'utf8').includes(`${quote}${title}${quote}`));
}
