import { afterAll, describe, expect, it } from '@jest/globals';
import {
  command,
  establish,
  finance,
  fund,
  grant,
  justice,
  openTestLedger,
  propose,
  spend,
} from '../../command-processing/testing/ledger.js';
import type { OpenedModels } from '../../read-models/read-models.contract.js';
import { Source } from '../source.js';
import { project } from '../testing/random-history.js';
import { noticeKinds } from './kinds.js';
import { openNotices } from './open-notices.js';
import { notices } from './reads.js';

/** What every adapter of read models counts: as many notices of each kind as the programmes' lists have. */
export function openNoticesContract(name: string, open: () => Promise<OpenedModels>): void {
  describe(`open notices, counted in ${name}`, () => {
    let opened: OpenedModels | undefined;
    afterAll(async () => {
      await opened?.models.close();
      await opened?.remove();
    });

    it('are the same number of each kind as in the lists of all programmes', async () => {
      opened = await open();
      const ledger = await openTestLedger();
      const planned = { title: { en: 'I' }, authority: justice.organisation, plannedStart: '2024-05-01', plannedEnd: '2024-07-01' };
      const withPlan = { milestoneId: 'M-1', title: { en: 'M' }, kind: 'delivery', dueOn: '2024-06-15' } as const;
      const targets = [{ period: '2024-06', value: '1' }];
      const outcomes = await ledger.commands.submitAll([
        establish(),
        grant(100n),
        command('ProposeInitiative', justice, planned),
        propose('j'),
        command('PlanMilestone', justice, withPlan),
        command('DefineIndicator', justice, { indicatorId: 'I-1', title: { en: 'I' }, unit: 'people', baseline: '0', targets }),
        fund(80n),
        spend(60n, 'T-1'),
        command('ReportProgress', justice, { percent: 5, note: 'N' }),
        command('AssessConfidence', finance, { assessmentId: 'S-1', rating: 'red', narrative: 'N', validUntil: '2024-07-01' }),
        { ...establish(), programme: 'q' },
        { ...propose('k'), programme: 'q' },
      ]);
      expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
      await project(ledger, opened.models);
      await opened.models.serve('g');
      const source = new Source(opened.models);
      const count = (now: string) => openNotices(source, Date.parse(now));
      const none = Object.fromEntries(noticeKinds.map((kind) => [kind, 0]));
      expect(await count('2024-06-10T00:00:00Z')).toEqual({
        ...none,
        'appropriation-reached': 1,
        'absorption-reached': 1,
        'registered-after-start': 1,
        'spending-ahead': 1,
      });
      const later = '2025-06-01T00:00:00Z';
      const all = { ...Object.fromEntries(noticeKinds.map((kind) => [kind, 1])), silent: 3 };
      expect(await count(later)).toEqual(all);
      const listed = { ...none };
      for (const programme of ['p', 'q'])
        for (const { kind } of (await notices(source, programme, undefined, { limit: 100 }, Date.parse(later)))?.items ?? [])
          listed[kind] = (listed[kind] ?? 0) + 1;
      expect(listed).toEqual(all);
    });
  });
}
