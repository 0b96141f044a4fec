import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonObject } from './json.js';

const flat = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => key !== '__proto__' && key !== 'constructor'),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('":', '\\":"', '\\\\', '{"a":1}', '"'), fc.integer(), fc.constant(null)),
);

describe('one JSON object', () => {
  it('is read as it was written, whatever its keys and texts hold', () => {
    fc.assert(
      fc.property(flat, fc.constantFrom(undefined, 1, '\t'), (sent, space) => {
        expect(JSON.stringify(parseJsonObject(JSON.stringify({ in: sent, all: [sent] }, undefined, space)))).toBe(
          JSON.stringify({ in: sent, all: [sent] }),
        );
      }),
    );
  });

  it('is refused if a key stands twice, however it is written', () => {
    fc.assert(
      fc.property(flat, fc.string({ unit: 'grapheme', minLength: 1 }), (sent, key) => {
        const one = JSON.stringify(key);
        const rest = JSON.stringify(sent).slice(1);
        const twice = `{"outer":{${one} :1,${one}\n:"\\"\\\\"},"rest":{${rest}}`;
        if (key !== '__proto__' && key !== 'constructor') expect(() => parseJsonObject(twice)).toThrow('names a key twice');
      }),
    );
    expect(() => parseJsonObject('{"a":1,"\\u0061":2}')).toThrow('names a key twice');
  });

  it.each([
    '{"__proto__":{}}',
    '{"a":{"__proto__":1}}',
    '{"\\u005f_proto__":{}}',
    '{"constructor":{"prototype":{}}}',
    '{"\\u0063onstructor":{"prototype":{}}}',
  ])('is refused if a key reaches for a prototype: %s', (text) => {
    expect(() => parseJsonObject(text)).toThrow('forbidden prototype property');
  });

  it('may begin with a byte order mark', () => {
    expect(parseJsonObject('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });
});
