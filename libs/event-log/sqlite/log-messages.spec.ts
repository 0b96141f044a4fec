import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pack, unpack } from './log-messages.js';

const name = fc.constantFrom('p', 'q', 'ministry');
const entry = fc.record(
  {
    kind: fc.constantFrom('record' as const, 'outcome' as const),
    bytes: fc.uint8Array({ maxLength: 40 }),
    programme: name,
    position: fc.nat(),
    command: fc.record({ offset: fc.nat(), organisation: name, id: fc.string(), digest: fc.string(), index: fc.nat(), count: fc.nat() }),
  },
  { requiredKeys: ['kind', 'bytes'] },
);

it('entries come out of their columns as they went in', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect(unpack(pack(entries)).map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual(
        entries.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
      );
    }),
  );
});
