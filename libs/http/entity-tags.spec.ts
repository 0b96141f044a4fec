import { describe, expect, it } from '@jest/globals';
import { namesTag, opaqueTagOf } from './entity-tags.js';

describe('an entity tag', () => {
  it.each([
    ['"7"', '7'],
    ['W/"7"', '7'],
    ['"7-gzip"', '7'],
    ['"7--gzip"', '7'],
    ['W/"7-br"', '7'],
    ['"7-zstd"', '7'],
    [' "7" ', '7'],
    ['"7-x"', '7-x'],
    ['7', undefined],
    ['*', undefined],
    ['"7', undefined],
    ['w/"7"', undefined],
    ['"7""8"', undefined],
  ])('%s names %s, whatever a compressing proxy made of it', (tag, named) => {
    expect(opaqueTagOf(tag)).toBe(named);
  });
  it('is had if If-None-Match names it among others, or everything', () => {
    expect(['"6", W/"7-gzip"', '"7"', '*', '"6"', '7', undefined].map((header) => namesTag(header, '7'))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
