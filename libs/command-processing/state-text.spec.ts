import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { movementKinds } from '../domain/permanent-ids.js';
import { largestAmount, statuses, type Actor, type Money } from '../domain/vocabulary.js';
import { stateOfText, textOfState } from './state-text.js';
import { commandKey, initiativeKey, movementKey, programmeKey, type Change } from './states.js';
import type { Receipt } from './outcome.js';

const code = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
const amount = fc.bigInt({ min: -largestAmount, max: largestAmount });
const day = fc.constantFrom('2024-01-01', '2024-12-31');
const year = fc.integer({ min: 1900, max: 9999 });
const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const recordedAt = fc.constantFrom('2024-03-09T05:12:44.120Z', '2024-12-31T23:59:59.999Z');
const words = fc.string({ unit: 'grapheme' });
const actor: fc.Arbitrary<Actor> = fc.record({ id: words, organisation: code, role: fc.constantFrom('ministry', 'admin') });
const sums = (fields: readonly string[]) =>
  fc.record(Object.fromEntries(fields.map((field): [string, fc.Arbitrary<Money>] => [field, amount])));

const receiptOf = (programme: string, commandId: string, initiative: string | undefined) =>
  fc
    .record({ version: fc.nat(), position: fc.nat(), hash, events: fc.constant(['SpendingReversed', 'FundsReturned'] as const) })
    .map((rest): Receipt => ({ commandId, programme, ...(initiative !== undefined && { initiative }), ...rest, events: [...rest.events] }));

const maybeInitiative = fc.option(code, { nil: undefined });

const programme = fc
  .record({
    code,
    title: fc.dictionary(fc.constantFrom('ky', 'en'), words, { noNullPrototype: true }),
    version: fc.nat(),
    establishedOn: day,
  })
  .chain((facts) =>
    fc
      .record({
        receipt: receiptOf(facts.code, 'c-1', undefined),
        fiscalYears: fc.dictionary(fc.constantFrom('2024', '2025'), sums(['appropriated', 'funded', 'spent', 'returned']), {
          noNullPrototype: true,
        }),
      })
      .map((rest) => ({
        key: programmeKey(facts.code),
        value: { ...facts, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual', ...rest },
      })),
  );
const initiative = fc
  .record({
    programme: code,
    code,
    version: fc.nat(),
    status: fc.constantFrom(...statuses),
    terms: fc.record({ title: fc.constant({ en: 'E' }), authority: code, requestedAmount: amount }),
    proposedOn: day,
    proposedBy: actor,
    suspended: fc.boolean(),
    years: fc.dictionary(fc.constantFrom('2024', '2025'), sums(['funded', 'spent', 'returned', 'committed']), { noNullPrototype: true }),
  })
  .chain((value) =>
    fc
      .option(fc.array(fc.record({ id, on: day, fiscalYear: year, left: amount }), { minLength: 1 }), { nil: undefined })
      .map((commitments) => ({
        ...value,
        ...(commitments && { commitments }),
      })),
  )
  .map((value) => ({ key: initiativeKey(value.programme, value.code), value }));
const movement = fc
  .record({
    kind: fc.constantFrom(...movementKinds),
    programme: code,
    initiative: maybeInitiative,
    id,
    content: words,
    occurredOn: day,
    fiscalYear: year,
    net: amount,
    only: fc.constantFrom({}, { commitmentId: 'C-1' }, { released: true as const }),
  })
  .chain(({ initiative: of, only, ...facts }) => {
    const value = { ...facts, ...only, ...(of !== undefined && { initiative: of }) };
    return fc
      .tuple(id, id)
      .chain(([commandId]) =>
        receiptOf(facts.programme, commandId, of).map((receipt) => ({ key: movementKey(value), value: { ...value, receipt } })),
      );
  });
const deliverable = fc.record({ programme: code, initiative: code, id, content: words, occurredOn: day, commandId: id }).chain((facts) => {
  const { commandId, ...kept } = facts;
  return fc
    .tuple(
      fc.constantFrom(
        {
          kind: 'milestone' as const,
          dueOn: '2024-09-30',
          forecasts: 1,
          reports: 1,
          reported: { status: 'met', reason: 'why', on: '2024-05-01' },
        },
        { kind: 'result' as const, indicatorId: 'I-1', value: '-1.5', corrections: 2 },
        { kind: 'indicator' as const },
        { kind: 'assessment' as const },
      ),
      receiptOf(facts.programme, commandId, facts.initiative),
    )
    .map(([more, receipt]) => ({ key: movementKey({ ...kept, ...more }), value: { ...kept, ...more, receipt } }));
});
const command = fc
  .record({ programme: code, organisation: code, id, initiative: maybeInitiative, digest: hash, recordedAt })
  .chain((facts) =>
    fc
      .oneof(
        receiptOf(facts.programme, facts.id, facts.initiative).map((receipt) => ({ kind: 'accepted' as const, receipt })),
        fc.record({
          kind: fc.constant('refused' as const),
          commandId: fc.constant(facts.id),
          code: fc.constant('funding-exceeded' as const),
          detail: words,
          figures: fc.constant({ available: '1' }),
          position: fc.nat(),
          hash,
        }),
      )
      .map((outcome) => ({
        key: commandKey(facts.programme, facts.organisation, facts.id),
        value: { digest: facts.digest, recordedAt: facts.recordedAt, outcome },
      })),
  );

const held = fc
  .record({ programme: code, id, version: fc.nat(), position: fc.nat(), hash })
  .map(({ programme: of, id: movement, ...rest }) => ({
    key: movementKey({ kind: 'funding', programme: of, initiative: 'i', id: movement }),
    value: { receipt: { commandId: 'c-1', programme: of, ...rest, events: ['CommandSubmitted'], requestId: `R-${rest.version}` } },
  }));

describe('what is known, as text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(programme, initiative, movement, deliverable, command, held), (any) => {
        const change = any as Change;
        expect(stateOfText(change.key, textOfState(change))).toEqual(change.value);
      }),
    );
  });

  it('is not taken for something else', () => {
    expect(() => stateOfText(commandKey('p', 'o', 'c'), '{"code":"i","version":1}')).toThrow('no command under c/p/o/c');
    expect(() => stateOfText(programmeKey('p'), '[1,2,3]')).toThrow('no programme under p/p');
  });

  it('of a movement that waits names its request', () => {
    const key = movementKey({ kind: 'funding', programme: 'p', initiative: 'i', id: 'F-1' });
    expect(() => stateOfText(key, '["c-1",[null,3,4,"",["InitiativeFunded"]]]')).toThrow(
      'a movement that waits under m/p/i/funding/F-1, without its request',
    );
  });
});
