import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventRecord } from '../../event-log/record.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { ledgerOf, manyAttempts, project, rules } from '../testing/random-history.js';
import { CommitmentsFold, mostChanges, mostDrawings, type CommitmentView } from './commitment-view.js';

const sum = (amounts: readonly string[]) => amounts.reduce((total, one) => total + BigInt(one), 0n);
const isDrawn = ({ amount, drawn, open, released }: CommitmentView) =>
  BigInt(amount) === BigInt(drawn) + BigInt(open) + BigInt(released?.amount ?? '0');

describe('the commitments of an initiative', () => {
  it('together leave open the amount that its sums call committed, now and as of any past moment', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, fc.integer({ min: 0, max: 400 }), async (tried, established, days) => {
        const ledger = await ledgerOf(tried, established);
        const models = new MemoryReadModels();
        await project(ledger, models);
        const source = new Source(models);
        const knownBy = new Date(Date.parse('2023-11-01T18:00:00Z') + days * 86_400_000).toISOString();
        for (const asOf of [{}, { knownBy }])
          for (const code of ['a', 'b', 'c']) {
            const initiative = await reads.initiative(source, 'p', code, asOf);
            const { items } = (await reads.commitments(source, 'p', code, asOf, { limit: 1_000 })) ?? { items: [] };
            expect(sum(items.map(({ open }) => open)).toString()).toBe(initiative?.committed ?? '0');
            expect(items.length).toBe(initiative?.commitments ?? 0);
            expect(items.filter((one) => !isDrawn(one))).toEqual([]);
            seen += items.filter(({ drawings }) => drawings.length > 0).length;
          }
      }),
      { numRuns: 100 },
    );
    // The histories have commitments that were drawn from.
    expect(seen).toBeGreaterThan(0);
  });

  const event = (position: number, type: string, data: object, context: object) =>
    ({ programme: 'p', initiative: 'i', type, position, occurredOn: '2024-03-01', data, context }) as unknown as EventRecord;

  it('name the latest of many changes, and count all', () => {
    const fold = new CommitmentsFold();
    fold.add(event(1, 'CommitmentMade', { commitmentId: 'C-1', supplier: 'S', amount: 1_000n }, { fiscalYear: 2024 }));
    for (let change = 1; change <= mostChanges + 2; change += 1) {
      const data = { commitmentId: 'C-1', changeId: `H-${change}`, kind: 'value', change: 1n, reason: 'why' };
      fold.add(event(change + 1, 'CommitmentChanged', data, { fiscalYear: 2024 }));
    }
    const [view] = fold.views();
    expect(view).toMatchObject({ firstAmount: '1000', amount: '1022', changesTotal: 22 });
    expect(view?.changes).toHaveLength(mostChanges);
    expect(view?.changes[0]).toMatchObject({ changeId: 'H-3' });
  });

  it('come from a position on, and no more than a page has', () => {
    const fold = new CommitmentsFold(1, 2);
    for (const position of [1, 2, 3, 4])
      fold.add(event(position, 'CommitmentMade', { commitmentId: `C-${position}`, supplier: 'S', amount: 1n }, { fiscalYear: 2024 }));
    expect(fold.views().map(({ commitmentId }) => commitmentId)).toEqual(['C-2', 'C-3']);
  });

  it('name the latest of many drawings, and count all', () => {
    const fold = new CommitmentsFold();
    fold.add(event(1, 'CommitmentMade', { commitmentId: 'C-1', supplier: 'S', amount: 1_000n }, { fiscalYear: 2024 }));
    const commitment = { id: 'C-1', fiscalYear: 2024 };
    for (let drawing = 1; drawing <= mostDrawings + 2; drawing += 1)
      fold.add(event(drawing + 1, 'SpendingRecorded', { transactionId: `T-${drawing}`, amount: 1n }, { fiscalYear: 2024, commitment }));
    const [view] = fold.views();
    expect(view).toMatchObject({ drawn: '502', open: '498', drawingsTotal: 502 });
    expect(view?.drawings).toHaveLength(mostDrawings);
    expect(view?.drawings[0]).toMatchObject({ transactionId: 'T-3', amount: '1' });
  });
});
