import { describe, expect, it } from '@jest/globals';
import { toCsv } from './csv.js';

const cell = (text: string) => toCsv([{ text }]).slice('text\n'.length, -1);

describe('a cell of a CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1 (312) 555', "'+1 (312) 555"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1+1', "' =1+1"],
    ['\u00a0=1+1', "'\u00a0=1+1"],
    ['\u200b=1+1', "'\u200b=1+1"],
    ['\ufeff=1+1', "'\ufeff=1+1"],
    ['\ufeff\u200b \u200d@x', "'\ufeff\u200b \u200d@x"],
    ['\t=1+1', "'\t=1+1"],
    ['＝1+1', "'＝1+1"],
  ])('%j is no formula in any spreadsheet', (text, written) => {
    expect(cell(text)).toBe(written);
  });
  it.each([
    ['Chuy;=1+1', `"Chuy;'=1+1"`],
    ['Chuy; \ufeff-1+1', `"Chuy;' \ufeff-1+1"`],
    [';@x', `";'@x"`],
    ['a;b', '"a;b"'],
    ['a\n=1+1', `"a\n'=1+1"`],
  ])('%j is none either if ; separates cells, and is quoted', (text, written) => {
    expect(cell(text)).toBe(written);
  });
  it.each(['-125000000', '12.5', 'a = b', 'E-notary', '2024-03-07', 'a@b.example', 'ministry-of-justice'])('%s stays unchanged', (text) => {
    expect(cell(text)).toBe(text);
  });
});
