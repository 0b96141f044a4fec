/** The documents of delivery: what they say now, and as of a past day, of random histories. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command, fundedInitiative, justice, openTestLedger } from '../../command-processing/testing/ledger.js';
import type { MilestoneStatus } from '../../domain/delivery/commands.js';
import { partyOf } from '../../domain/separation-of-duties.js';
import type { EventRecord } from '../../event-log/record.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { ledgerOf, manyAttempts, project, type Attempt } from '../testing/random-history.js';

const now = {};
const allKnown = { knownBy: '9999-12-31T23:59:59.999Z' };
const initiatives = ['a', 'b', 'c'];
const paging = { limit: 1_000 };

async function foldedFrom(attempts: readonly Attempt[]) {
  const ledger = await ledgerOf(attempts, { ceiling: 'none', years: 'multi-year' });
  const models = new MemoryReadModels();
  await project(ledger, models);
  const records = await ledger.records();
  const eventsOf = (initiative: string) =>
    records.filter((record): record is EventRecord => record.type !== 'CommandRefused' && record.initiative === initiative);
  return { source: new Source(models, 'g'), eventsOf };
}

/** Runs the check on random histories; fails if none of them reached what it looks at. */
async function onHistories(check: (folded: Awaited<ReturnType<typeof foldedFrom>>) => Promise<number>): Promise<void> {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(manyAttempts, async (attempts) => {
      reached += await check(await foldedFrom(attempts));
    }),
    { numRuns: 40 },
  );
  expect(reached).toBeGreaterThan(0);
}

describe('the documents of delivery', () => {
  it('are the same, folded from all records or from the initiative’s own', () =>
    onHistories(async ({ source }) => {
      let found = 0;
      for (const initiative of initiatives) {
        const [milestones, indicators, results] = await Promise.all([
          reads.milestones(source, 'p', initiative, now),
          reads.indicators(source, 'p', initiative, now),
          reads.results(source, 'p', initiative, { asOf: now, paging }),
        ]);
        expect(await reads.milestones(source, 'p', initiative, allKnown)).toEqual(milestones);
        expect(await reads.indicators(source, 'p', initiative, allKnown)).toEqual(indicators);
        expect(await reads.results(source, 'p', initiative, { asOf: allKnown, paging })).toEqual(results);
        found += (milestones?.length ?? 0) * (indicators?.length ?? 0);
      }
      return found;
    }));

  it('agree with the initiative’s own document', () =>
    onHistories(async ({ source }) => {
      let found = 0;
      for (const initiative of initiatives) {
        const view = await reads.initiative(source, 'p', initiative, now);
        const milestones = (await reads.milestones(source, 'p', initiative, now)) ?? [];
        const indicators = (await reads.indicators(source, 'p', initiative, now)) ?? [];
        const open = milestones.filter(({ status }) => status !== 'met');
        const next = open.map(({ dueOn }) => dueOn).sort()[0];
        expect(view?.milestones).toEqual(
          milestones.length === 0
            ? undefined
            : {
                planned: milestones.length,
                met: milestones.length - open.length,
                reforecasts: milestones.reduce((sum, { reforecasts }) => sum + reforecasts, 0),
                ...(next !== undefined && { next }),
              },
        );
        const counts = { defined: indicators.length, results: indicators.reduce((sum, { results }) => sum + results, 0) };
        expect(view?.indicators).toEqual(indicators.length === 0 ? undefined : counts);
        found += milestones.length + indicators.length;
      }
      return found;
    }));

  it.each(['constructor', 'toString', '__proto__'])(
    'keep a milestone and an indicator called %s apart from the properties that objects inherit',
    async (id) => {
      const ledger = await openTestLedger();
      const title = { en: 'T' };
      const plan = (milestoneId: string, dueOn: string) =>
        command('PlanMilestone', justice, { milestoneId, title, dueOn, kind: 'delivery' });
      const report = (status: MilestoneStatus, reason?: string) =>
        command('ReportMilestone', justice, { milestoneId: id, status, ...(reason !== undefined && { reason }) });
      const targets = [{ period: '2023', value: '1' }];
      const result = (resultId: string, periodEnd: string) =>
        command('ReportResult', justice, { resultId, indicatorId: id, periodEnd, value: '1' });
      const sent = [
        ...fundedInitiative(10n),
        plan(id, '2024-06-20'),
        plan('M', '2024-07-20'),
        ...[report('met'), report('not-met', 'why'), report('met'), report('met', 'seen again')],
        command('DefineIndicator', justice, { indicatorId: id, title, unit: 'km', baseline: '0', targets }),
        ...[result('R-1', '2023-12-31'), result('R-2', '2023-12-31')],
      ];
      for (const one of sent) await ledger.commands.submit(one);
      expect((await ledger.records()).filter(({ type }) => type === 'CommandRefused')).toEqual([]);
      const models = new MemoryReadModels();
      await project(ledger, models);
      expect(await reads.initiative(new Source(models, 'g'), 'p', 'i', now)).toMatchObject({
        milestones: { planned: 2, met: 1, reforecasts: 0, next: '2024-07-20' },
        indicators: { defined: 1, results: 2 },
      });
    },
  );

  it('call an assessment independent exactly if its organisation was not the authority', () =>
    onHistories(async ({ source, eventsOf }) => {
      let found = 0;
      for (const initiative of initiatives) {
        const assessed = eventsOf(initiative).filter((event) => event.type === 'ConfidenceAssessed');
        const isOwn = (event: (typeof assessed)[number]) => partyOf(event.actor).organisation === event.context.authority;
        const view = await reads.initiative(source, 'p', initiative, now);
        expect(view?.confidence?.own?.position).toBe(assessed.findLast(isOwn)?.position);
        expect(view?.confidence?.independent?.position).toBe(assessed.findLast((event) => !isOwn(event))?.position);
        found += assessed.length;
      }
      return found;
    }));
});
