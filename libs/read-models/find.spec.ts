import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareSortable, searchable } from './find.js';

describe('the form in which text is searched', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });

  it('is its own form', () => {
    fc.assert(
      fc.property(text, (some) => {
        expect(searchable(searchable(some))).toBe(searchable(some));
      }),
    );
  });

  it('is the same however the text is composed and in whatever case', () => {
    fc.assert(
      fc.property(text, (some) => {
        const form = searchable(some);
        for (const same of [some.normalize('NFD'), some.normalize('NFC'), some.toUpperCase(), some.toLowerCase()])
          expect(searchable(same)).toBe(form);
      }),
    );
  });
});

describe('the order of values', () => {
  it('is by code point for text, whatever its length in UTF-16', () => {
    const names = ['Z', 'a', 'ä', 'Ж', 'ﬁ', '🏛'];
    expect(names.toReversed().sort(compareSortable)).toEqual(names);
  });

  it('is by size for numbers', () => {
    expect([10, 9, -1].sort(compareSortable)).toEqual([-1, 9, 10]);
  });
});
