import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeState, encodeState } from './state-codec.js';

const leaf = fc.oneof(
  fc.string(),
  fc.string().map((text) => `\u0000${text}`),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
}));

it('every plain value comes back as it was, amounts and marked text alike', () => {
  fc.assert(
    fc.property(value, (any) => {
      expect(decodeState(encodeState(any))).toEqual(any);
    }),
  );
});
