import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const text = readFileSync('docs/asvs.md', 'utf8');

describe('docs/asvs.md', () => {
  it('names files that are there', () => {
    const named = [...text.matchAll(/`((?:libs|test|scripts)\/[^`]+)`/g)].map(([, file]) => file ?? '');
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names tests that are there', () => {
    const spec = readFileSync('libs/http/http.int-spec.ts', 'utf8');
    const said = [
      'lists as CSV',
      '__proto__',
      'answered 429',
      'who sent an event',
      'alg none',
      'HS256 signed',
      'jku',
      'nothing of a token',
    ];
    expect(said.filter((test) => !spec.includes(test))).toEqual([]);
  });
});
