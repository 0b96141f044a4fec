import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { initiativeCommandTypes, programmeCommandTypes } from '../domain/capabilities.js';
import type { CommandType } from '../domain/commands.js';
import { commandBodies } from './dto/command-bodies.js';
import { fieldsOf } from './fields.js';
import type { Fault } from './malformed-command.js';
import { readByClass, readInOnePass } from './read-data.js';

const types: readonly CommandType[] = [...programmeCommandTypes, ...initiativeCommandTypes];

/** JSON values at and around the limits of some rule. */
const values = fc.oneof(
  fc.constantFrom<unknown>('1', '0', '01', '-1', '-0', '9'.repeat(18), '9'.repeat(19), `-${'9'.repeat(18)}`, '1.5', ' 1', '1\n', '', ' '),
  fc.constantFrom<unknown>(1, 0, -1, 1.5, 2024, 1899, 1900, 9999, 10_000, '2024', true, false, null, [], {}, ['1'], { 0: '1' }),
  fc.constantFrom<unknown>('2024-02-29', '2023-02-29', '2024-13-01', '2024-2-1', '0001-01-01', '9999-12-31', '2024-01-01T00:00:00Z'),
  fc.constantFrom<unknown>('enforced', 'none', 'annual', 'multi-year', 'KGS', 'kgs', 'KSG', 'Asia/Bishkek', 'Asia/Nowhere', 'UTC'),
  fc.constantFrom<unknown>(
    'e-notary',
    'E-Notary',
    'a'.repeat(64),
    'a'.repeat(65),
    '-a',
    'T_1.a',
    'é',
    'two words',
    'a\u0000b',
    '\u202e',
    '\ud800',
  ),
  fc.constantFrom<unknown>('x'.repeat(200), 'x'.repeat(201), 'x'.repeat(1_000), 'x'.repeat(1_001), 'x'.repeat(2_000), 'x'.repeat(2_001)),
  fc.constantFrom<unknown>(
    { en: 'P' },
    { KY: 'P' },
    { ky: '' },
    { ky: null },
    { en: 'x'.repeat(501) },
    { toString: 'P' },
    { en: 'P', ky: 5 },
  ),
  fc.constantFrom<unknown>(
    [
      { period: '2025', value: '1' },
      { period: '2025', value: '2' },
    ],
    [{ period: '2025-Q5', value: '1' }],
    [{ period: '2025', value: '1', unit: 'x' }],
    [{ period: '2025', value: 1 }],
    [null],
    101,
    '0.1234567',
    '9'.repeat(16),
  ),
  fc.jsonValue(),
);
/** What commands usually hold, so that many of them are sound. */
const usual: Readonly<Record<string, unknown>> = {
  title: { en: 'P', ky: 'П' },
  currency: 'KGS',
  timeZone: 'Asia/Bishkek',
  ceiling: 'enforced',
  years: 'annual',
  fiscalYear: 2024,
  amount: '100',
  change: '-100',
  requestedAmount: '100',
  initiative: 'e-notary',
  to: 'e-signature',
  authority: 'ministry-of-justice',
  sector: '04.6',
  source: { kind: 'grant' },
  plannedStart: '2024-01-01',
  plannedEnd: '2024-12-31',
  establishedOn: '2024-01-01',
  indicators: 'required',
  approvals: [{ command: 'FundInitiative', above: '100', role: 'finance' }],
  thresholds: { spent: [70, 100], funded: [85] },
  dueOn: '2024-09-30',
  status: 'met',
  percent: 50,
  rating: 'amber',
  validUntil: '2024-12-31',
  baseline: '0',
  targets: [{ period: '2025', value: '60.5' }],
  periodEnd: '2023-12-31',
  value: '-12.5',
  position: 7,
  size: 3,
  root: 'ab'.repeat(32),
  definition: 'sums-1',
};
/** Kinds of changes of commitments, and of milestones. */
const kinds = fc.constantFrom('value', 'delivery');
const usualOf = (name: string) => (name === 'kind' ? kinds : fc.constant(usual[name] ?? 'T-1'));
const names = ['__proto__', 'constructor', 'toString', 'commandId', 'hasOwnProperty', 'Amount', 'amount '];

function dataOf(type: CommandType): fc.Arbitrary<object> {
  const fields = [...fieldsOf(commandBodies[type]).keys()];
  const value = (name: string) => fc.oneof({ weight: 12, arbitrary: usualOf(name) }, { weight: 1, arbitrary: values });
  const known = fc.record(Object.fromEntries(fields.map((name) => [name, value(name)])), { requiredKeys: [] });
  const whole = fc.record(Object.fromEntries(fields.map((name) => [name, value(name)])));
  const others = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values, { maxKeys: 2 });
  return fc.oneof(
    whole,
    known,
    fc.tuple(known, others).map(([one, other]) => ({ ...one, ...other })),
    fc.object(),
  );
}

describe('data of a command', () => {
  it.each(types)('of type %s is accepted in one pass exactly if class-validator accepts it, and read as the same', (type) => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(dataOf(type), (data) => {
        const faults: Fault[] = [];
        const validated = readByClass(type, data, faults);
        expect(readInOnePass(type, data)).toEqual(validated);
        expect(faults.length === 0).toBe(validated !== undefined);
        if (validated) accepted++;
        else refused++;
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
  });
});
