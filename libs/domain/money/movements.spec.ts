import { describe, expect, it } from '@jest/globals';
import type { Command } from '../commands.js';
import type { RefusalCode } from '../capabilities.js';
import {
  adjust,
  adjusted,
  appropriationAdjusted,
  command,
  established,
  finance,
  fund,
  funded,
  given,
  giveBack,
  granted,
  health,
  justice,
  proposed,
  returned,
  reverse,
  reversed,
  spend,
  spent,
  startFinalizing,
  type Happening,
} from '../testing/given.js';
import { movementsOf } from './movements.js';

const base: Happening[] = [established(), granted(200n), proposed(), funded(100n), spent(50n)];

type Case = { kind: string; code: RefusalCode; happened: Happening; on: string; same: Command; other: Command };
const cases: Case[] = [
  {
    kind: 'funding F-9',
    code: 'funding-exists',
    happened: funded(5n, { id: 'F-9' }),
    on: '2024-02-01',
    same: fund(5n),
    other: fund(6n),
  },
  {
    kind: 'adjustment A-9',
    code: 'adjustment-exists',
    happened: adjusted(-5n, { id: 'A-9', funding: 'F-1' }),
    on: '2024-03-01',
    same: adjust(-5n),
    other: adjust(-6n),
  },
  {
    kind: 'transaction T-9',
    code: 'transaction-exists',
    happened: spent(5n, { id: 'T-9' }),
    on: '2024-03-01',
    same: spend(5n),
    other: spend(6n),
  },
  {
    kind: 'reversal R-9',
    code: 'reversal-exists',
    happened: reversed(5n, { id: 'R-9', transaction: 'T-1' }),
    on: '2024-04-01',
    same: reverse(5n),
    other: reverse(6n),
  },
  {
    kind: 'return U-9',
    code: 'return-exists',
    happened: returned(5n, { id: 'U-9' }),
    on: '2024-05-01',
    same: giveBack(5n),
    other: giveBack(6n),
  },
];

describe.each(cases)('$kind, which has happened', ({ kind, code, happened, on, same, other }) => {
  const there = `the ${kind} of ${on} is there already, with other content`;
  it('is nothing new when it is sent again, with its day or without', () => {
    given(base, happened).when(same).thenNothingNew();
    given(base, happened)
      .when({ ...same, occurredOn: on })
      .thenNothingNew();
  });
  it('is nothing new even where the version has moved on', () => {
    given(base, happened)
      .when({ ...same, expectedVersion: 1 })
      .thenNothingNew();
  });
  it('is refused with other content', () => {
    given(base, happened).when(other).thenRefused(code, there);
  });
  it('is refused with another day', () => {
    given(base, happened)
      .when({ ...same, occurredOn: '2024-06-01' })
      .thenRefused(code, there);
  });
});

it('an adjustment of an appropriation, too, is told from another by its id', () => {
  const again = (change: bigint) => command('AdjustAppropriation', { fiscalYear: 2024, adjustmentId: 'B-1', change, legalBasis: 'law' });
  given(established(), granted(200n), appropriationAdjusted(5n)).when(again(5n)).thenNothingNew();
  given(established(), granted(200n), appropriationAdjusted(5n))
    .when(again(6n))
    .thenRefused('appropriation-adjustment-exists', 'the appropriation-adjustment B-1 of 2024-02-01 is there already, with other content');
});

it('the same id in another initiative is another movement', () => {
  given(base, proposed({ initiative: 'j' }), funded(20n, { initiative: 'j', id: 'F-2' }))
    .when(spend(5n, { initiative: 'j' }))
    .then({
      type: 'SpendingRecorded',
      programme: 'p',
      initiative: 'j',
      version: 3,
      occurredOn: '2024-06-15',
      actor: justice,
      data: { transactionId: 'T-9', amount: 5n },
      context: { authority: 'ministry-of-justice', statusBefore: 'funded', statusAfter: 'spending', fiscalYear: 2024 },
    });
});

it('an initiative that nobody proposed has none', () => {
  given(established()).when(spend(1n)).thenRefused('unknown-initiative', 'p has no initiative i; a ministry proposes it first');
});

it('what is not one’s own is refused before it is compared', () => {
  given(base, spent(5n, { id: 'T-9' }))
    .when(spend(5n, { by: health }))
    .thenRefused('forbidden', 'i is run by ministry-of-justice, not by ministry-of-health');
});

it('what moves no money has no id', () => {
  expect(movementsOf(startFinalizing())).toEqual({});
  expect(movementsOf(command('CancelInitiative', { reason: 'why', legalBasis: 'law' }, { by: finance }))).toEqual({});
});
