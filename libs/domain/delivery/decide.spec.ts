import { describe, expect, it } from '@jest/globals';
import type { CommandData } from '../commands.js';
import { canonicalText } from '../canonical-text.js';
import {
  amendProgramme,
  admin,
  adjustUnnamed,
  auditor,
  cancelled,
  command,
  established,
  expected,
  finalizationStarted,
  finalized,
  finance,
  fund,
  funded,
  given,
  granted,
  health,
  historyOf,
  importForFinance,
  justice,
  programmeAmended,
  proposed,
  returned,
  spent,
  suspended,
  transfer,
  withFunding,
  type Happening,
} from '../testing/given.js';
import type { Standing } from '../lifecycle/events.js';
import type { Actor, IsoDate, Status } from '../vocabulary.js';
import { mostChanges, mostIndicators, mostMilestones } from './commands.js';
import { endOfPeriod, periodPattern } from './periods.js';

const standing = (status: Status): Standing => ({ authority: 'ministry-of-justice', statusBefore: status, statusAfter: status });
const title = { en: 'Pilot' };
type By = { by?: Actor; on?: IsoDate };
type Of<T extends keyof CommandData> = CommandData[T];

const milestone: Of<'PlanMilestone'> = { milestoneId: 'M-1', title, dueOn: '2024-09-30', kind: 'delivery' };
const plan = (more: Partial<typeof milestone> = {}, by?: By) => command('PlanMilestone', { ...milestone, ...more }, by);
const planned = (more: Partial<typeof milestone> = {}): Happening => ({
  type: 'MilestonePlanned',
  data: { ...milestone, ...more },
  on: '2024-02-10',
  by: justice,
});
const reforecast = (dueOn: IsoDate, by?: By) => command('ReforecastMilestone', { milestoneId: 'M-1', dueOn, reason: 'why' }, by);
const wasReforecast = (dueOn: IsoDate): Happening => ({
  type: 'MilestoneReforecast',
  data: { milestoneId: 'M-1', dueOn, reason: 'why' },
  on: '2024-03-10',
  by: justice,
});
const report = (status: Of<'ReportMilestone'>['status'], reason?: string) =>
  command('ReportMilestone', { milestoneId: 'M-1', status, ...(reason !== undefined && { reason }) });
const wasReported = (status: Of<'ReportMilestone'>['status'], reason?: string): Happening => ({
  type: 'MilestoneReported',
  data: { milestoneId: 'M-1', status, ...(reason !== undefined && { reason }) },
  on: '2024-05-01',
  by: justice,
});
const progress = (percent: number, by?: By) => command('ReportProgress', { percent, note: 'Half of the offices work with it' }, by);
const assessment: Of<'AssessConfidence'> = { assessmentId: 'C-1', rating: 'amber', narrative: 'Late tender', validUntil: '2024-12-31' };
const assess = (more: Partial<typeof assessment> = {}, by?: By) => command('AssessConfidence', { ...assessment, ...more }, by);
const assessed = (): Happening => ({ type: 'ConfidenceAssessed', data: assessment, on: '2024-04-01', by: auditor });
const indicator: Of<'DefineIndicator'> = {
  indicatorId: 'I-1',
  title: { en: 'Acts signed online' },
  unit: 'percent',
  baseline: '0',
  targets: [{ period: '2024', value: '60.5' }],
};
const define = (more: Partial<typeof indicator> = {}, by?: By) => command('DefineIndicator', { ...indicator, ...more }, by);
const defined = (more: Partial<typeof indicator> = {}): Happening => ({
  type: 'IndicatorDefined',
  data: { ...indicator, ...more },
  on: '2024-02-10',
  by: justice,
});
const result: Of<'ReportResult'> = { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: '2024-03-31', value: '12.5' };
const reportResult = (more: Partial<typeof result> = {}, by?: By) => command('ReportResult', { ...result, ...more }, by);
const resultReported = (): Happening => ({ type: 'ResultReported', data: result, on: '2024-04-05', by: justice });
const correct = (value: string, by?: By) => command('CorrectResult', { resultId: 'Q-1', value, reason: 'Counted twice' }, by);
const resultCorrected = (value: string): Happening => ({
  type: 'ResultCorrected',
  data: { resultId: 'Q-1', value, reason: 'Counted twice' },
  on: '2024-04-06',
  by: justice,
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const finished = [...withFunding(100n), planned(), defined(), spent(100n), finalizationStarted(), finalized(100n)];
const ended: readonly (readonly [Status, readonly Happening[]])[] = [
  ['finalized', finished],
  ['cancelled', [...withFunding(100n), planned(), defined(), returned(100n), cancelled()]],
];

describe('planning a milestone', () => {
  it('records what is due when, before the first funding or after it', () => {
    given(established(), proposed())
      .when(plan())
      .then(expected('MilestonePlanned', 2, milestone, standing('proposed'), { by: justice }));
    given(withFunding(100n))
      .when(plan())
      .then(expected('MilestonePlanned', 3, milestone, standing('funded'), { by: justice }));
  });
  it('is for the initiative’s own ministry', () => {
    given(withFunding(100n))
      .when(plan({}, { by: health }))
      .thenRefused('forbidden', 'i is run by ministry-of-justice, not by ministry-of-health');
    given(withFunding(100n))
      .when(plan({}, { by: auditor }))
      .thenRefused('forbidden', 'PlanMilestone is for ministry, not for auditor');
  });
  it('with the same id again is nothing new, and with other content is refused', () => {
    given(withFunding(100n), planned()).when(plan()).thenNothingNew();
    given(withFunding(100n), planned(), wasReforecast('2024-11-30')).when(plan()).thenNothingNew();
    given(withFunding(100n), planned())
      .when(plan({ dueOn: '2024-10-01' }))
      .thenRefused('milestone-exists', 'the milestone M-1 of 2024-02-10 is there already, with other content');
  });
  it('ends with the initiative', () => {
    for (const [status, happened] of ended)
      given(happened)
        .when(plan({ milestoneId: 'M-2' }))
        .thenRefused(
          'wrong-status',
          `PlanMilestone is not possible while i is ${status}; possible: ReportMilestone, ReportResult, CorrectResult`,
        );
  });
  it('goes on while the initiative is suspended', () => {
    given(withFunding(100n), suspended())
      .when(plan())
      .then(expected('MilestonePlanned', 4, milestone, standing('funded'), { by: justice }));
  });
  it('is bounded', () => {
    const all = times(mostMilestones, (index) => planned({ milestoneId: `M-${index + 10}` }));
    given(withFunding(100n), all)
      .when(plan())
      .thenRefused('limit-reached', 'an initiative has at most 200 milestones, and i has reached that');
    given(withFunding(100n), all.slice(1))
      .when(plan())
      .then(expected('MilestonePlanned', mostMilestones + 2, milestone, standing('funded'), { by: justice }));
  });
});

describe('forecasting a milestone again', () => {
  const data = { milestoneId: 'M-1', dueOn: '2024-11-30', reason: 'why' };
  it('says which day it was forecast for before', () => {
    given(withFunding(100n), planned())
      .when(reforecast('2024-11-30'))
      .then(expected('MilestoneReforecast', 4, data, { ...standing('funded'), dueOnBefore: '2024-09-30' }, { by: justice }));
    given(withFunding(100n), planned(), wasReforecast('2024-10-15'))
      .when(reforecast('2024-11-30'))
      .then(expected('MilestoneReforecast', 5, data, { ...standing('funded'), dueOnBefore: '2024-10-15' }, { by: justice }));
  });
  it('names a milestone that is there', () => {
    given(withFunding(100n)).when(reforecast('2024-11-30')).thenRefused('unknown-milestone', 'i has no milestone M-1');
  });
  it('names another day than the present forecast', () => {
    given(withFunding(100n), planned(), wasReforecast('2024-11-30'))
      .when(reforecast('2024-11-30'))
      .thenRefused('nothing-to-change', 'the milestone M-1 is forecast for 2024-11-30 already; a new forecast names another day');
  });
  it('is over once the milestone was met, unless a later report says otherwise', () => {
    given(withFunding(100n), planned(), wasReported('met'))
      .when(reforecast('2024-11-30'))
      .thenRefused('milestone-met', 'the milestone M-1 was met on 2024-05-01; what is met is not forecast again');
    given(withFunding(100n), planned(), wasReported('met'), wasReported('not-met'))
      .when(reforecast('2024-11-30'))
      .then(expected('MilestoneReforecast', 6, data, { ...standing('funded'), dueOnBefore: '2024-09-30' }, { by: justice }));
  });
  it('is not dated before the plan', () => {
    given(withFunding(100n), planned())
      .when(reforecast('2024-11-30', { on: '2024-02-09' }))
      .thenRefused(
        'date-out-of-order',
        'the milestone M-1 is of 2024-02-10; nothing about it is dated before, and the command says 2024-02-09',
      );
  });
  it('is bounded', () => {
    const all = times(mostChanges, (index) => wasReforecast(`2025-01-${String(index + 1).padStart(2, '0')}`));
    given(withFunding(100n), planned(), all)
      .when(reforecast('2024-11-30'))
      .thenRefused('limit-reached', 'a milestone is forecast again at most 20 times, and M-1 has reached that');
  });
});

describe('reporting a milestone', () => {
  it('says how far it was reached, beside the day that was forecast', () => {
    given(withFunding(100n), planned())
      .when(report('partially-met', 'Two of three offices'))
      .then(
        expected(
          'MilestoneReported',
          4,
          { milestoneId: 'M-1', status: 'partially-met', reason: 'Two of three offices' },
          { ...standing('funded'), dueOn: '2024-09-30' },
          { by: justice },
        ),
      );
  });
  it('may say something else later, and not the same again', () => {
    given(withFunding(100n), planned(), wasReported('partially-met'))
      .when(report('met'))
      .then(
        expected(
          'MilestoneReported',
          5,
          { milestoneId: 'M-1', status: 'met' },
          { ...standing('funded'), dueOn: '2024-09-30' },
          { by: justice },
        ),
      );
    given(withFunding(100n), planned(), wasReported('met'))
      .when(report('met'))
      .thenRefused('nothing-to-change', 'the milestone M-1 was reported met on 2024-05-01 already; a new report says something else');
  });
  it('names a milestone that is there', () => {
    given(withFunding(100n)).when(report('met')).thenRefused('unknown-milestone', 'i has no milestone M-1');
  });
  it('is possible after the end', () => {
    for (const [status, happened] of ended)
      expect(
        historyOf(happened)
          .submit(report('not-met'), '2024-06-15')
          .map(({ context }) => context),
      ).toEqual([{ ...standing(status), dueOn: '2024-09-30' }]);
  });
  it('is bounded', () => {
    const all = times(mostChanges, (index) => wasReported('not-met', `Reason ${index}`));
    given(withFunding(100n), planned(), all)
      .when(report('met'))
      .thenRefused('limit-reached', 'a milestone is reported at most 20 times, and M-1 has reached that');
  });
});

describe('reporting progress', () => {
  it('is of an initiative with money, before its end', () => {
    given(withFunding(100n))
      .when(progress(50))
      .then(
        expected('ProgressReported', 3, { percent: 50, note: 'Half of the offices work with it' }, standing('funded'), { by: justice }),
      );
    given(established(), proposed())
      .when(progress(50))
      .thenRefused(
        'wrong-status',
        'ReportProgress is not possible while i is proposed; possible: PlanMilestone, ReforecastMilestone, ReportMilestone, AssessConfidence, DefineIndicator',
      );
  });
  it('is for the initiative’s own ministry', () => {
    given(withFunding(100n))
      .when(progress(50, { by: finance }))
      .thenRefused('forbidden', 'ReportProgress is for ministry, not for finance');
  });
});

describe('assessing confidence', () => {
  it.each([justice, finance, auditor])('is for $role', (by) => {
    given(withFunding(100n))
      .when(assess({}, { by }))
      .then(expected('ConfidenceAssessed', 3, assessment, standing('funded'), { by }));
  });
  it('is for no ministry but the initiative’s own, and for no admin', () => {
    given(withFunding(100n))
      .when(assess({}, { by: health }))
      .thenRefused('forbidden', 'i is run by ministry-of-justice, not by ministry-of-health');
    given(withFunding(100n))
      .when(assess({}, { by: admin }))
      .thenRefused('forbidden', 'AssessConfidence is for ministry or finance or auditor, not for admin');
  });
  it('never changes once recorded', () => {
    given(withFunding(100n), assessed()).when(assess()).thenNothingNew();
    given(withFunding(100n), assessed())
      .when(assess({ rating: 'green' }))
      .thenRefused('assessment-exists', 'the assessment C-1 of 2024-04-01 is there already, with other content');
  });
  it('is valid until a day that is not before it', () => {
    given(withFunding(100n))
      .when(assess({ validUntil: '2024-06-14' }))
      .thenRefused(
        'date-out-of-order',
        'the assessment is of 2024-06-15, and it is valid until 2024-06-14; name a day that is not before it',
      );
  });
});

describe('defining an indicator', () => {
  it('says what the initiative achieves, before its first funding or after it', () => {
    given(established(), proposed())
      .when(define())
      .then(expected('IndicatorDefined', 2, indicator, standing('proposed'), { by: justice }));
  });
  it('with the same id again is nothing new, and with other content is refused', () => {
    given(withFunding(100n), defined()).when(define()).thenNothingNew();
    given(withFunding(100n), defined())
      .when(define({ baseline: '5' }))
      .thenRefused('indicator-exists', 'the indicator I-1 of 2024-02-10 is there already, with other content');
  });
  it('is bounded', () => {
    const all = times(mostIndicators, (index) => defined({ indicatorId: `I-${index + 10}` }));
    given(withFunding(100n), all)
      .when(define())
      .thenRefused('limit-reached', 'an initiative has at most 50 indicators, and i has reached that');
  });
});

describe('a programme that requires indicators', () => {
  const sentence = 'p funds initiatives that say what they achieve: i has 0 indicators; the ministry defines one first';
  const event = () =>
    expected(
      'InitiativeFunded',
      3,
      { fundingId: 'F-9', fiscalYear: 2024, amount: 10n },
      { authority: 'ministry-of-justice', statusBefore: 'proposed', statusAfter: 'funded', fiscalYear: 2024 },
      { by: finance },
    );
  it('funds no initiative before it has one', () => {
    given(established({ indicators: 'required' }), granted(100n), proposed())
      .when(fund(10n))
      .thenRefused('indicator-missing', sentence);
    given(established({ indicators: 'required' }), granted(100n), proposed(), defined())
      .when(fund(10n))
      .then(event());
    given(established({ indicators: 'required' }), granted(100n), proposed())
      .when(adjustUnnamed(10n, { by: importForFinance }))
      .thenRefused('indicator-missing', sentence);
  });
  it('moves no funding to an initiative without one', () => {
    const taker = proposed({ initiative: 'j', authority: 'ministry-of-health', by: health });
    given(established({ indicators: 'required' }), granted(100n), proposed(), defined(), funded(100n), taker)
      .when(transfer(40n))
      .thenRefused('indicator-missing', sentence.replace('i has 0', 'j has 0'));
  });
  it('goes on funding what was funded before the rule', () => {
    given(established(), granted(100n), proposed(), funded(10n), programmeAmended({ indicators: 'required' }))
      .when(fund(10n))
      .then({ ...event(), context: { ...standing('funded'), fiscalYear: 2024 } } as ReturnType<typeof event>);
  });
  it('is one by an amendment, until another amendment', () => {
    given(established())
      .when(amendProgramme({ indicators: 'required' }))
      .then(expected('ProgrammeAmended', 2, { indicators: 'required', reason: 'why' }, {}, { by: admin }));
    given(established())
      .when(amendProgramme({ indicators: 'optional' }))
      .thenRefused('nothing-to-amend', 'p is as the command says already; an amendment names what changes');
    given(established({ indicators: 'required' }), granted(100n), proposed(), programmeAmended({ indicators: 'optional' }))
      .when(fund(10n))
      .then({ ...event(), version: 2 });
  });
});

describe('reporting a result', () => {
  it('is of an indicator, for a period that is over', () => {
    given(withFunding(100n), defined())
      .when(reportResult())
      .then(expected('ResultReported', 4, result, standing('funded'), { by: justice }));
    given(withFunding(100n), defined())
      .when(reportResult({ periodEnd: '2024-06-16' }))
      .thenRefused(
        'date-out-of-order',
        'the end of the period is of 2024-06-16; nothing about it is dated before, and the command says 2024-06-15',
      );
    given(withFunding(100n)).when(reportResult()).thenRefused('unknown-indicator', 'i has no indicator I-1');
  });
  it('waits for the first funding', () => {
    given(established(), proposed(), defined())
      .when(reportResult())
      .thenRefused(
        'wrong-status',
        'ReportResult is not possible while i is proposed; possible: PlanMilestone, ReforecastMilestone, ReportMilestone, AssessConfidence, DefineIndicator',
      );
  });
  it('goes on after the end, since benefits come late', () => {
    for (const [status, happened] of ended)
      expect(
        historyOf(happened)
          .submit(reportResult(), '2024-06-15')
          .map(({ context }) => context),
      ).toEqual([standing(status)]);
  });
  it('with the same id again is nothing new, and with other content is refused', () => {
    given(withFunding(100n), defined(), resultReported()).when(reportResult()).thenNothingNew();
    given(withFunding(100n), defined(), resultReported())
      .when(reportResult({ value: '13' }))
      .thenRefused('result-exists', 'the result Q-1 of 2024-04-05 is there already, with other content');
  });
});

describe('correcting a result', () => {
  it('names the value and the indicator that it corrects', () => {
    given(withFunding(100n), defined(), resultReported())
      .when(correct('11'))
      .then(
        expected(
          'ResultCorrected',
          5,
          { resultId: 'Q-1', value: '11', reason: 'Counted twice' },
          { ...standing('funded'), indicatorId: 'I-1', valueBefore: '12.5' },
          { by: justice },
        ),
      );
  });
  it('names a result that is there, and another value', () => {
    given(withFunding(100n), defined()).when(correct('11')).thenRefused('unknown-result', 'i has no result Q-1');
    given(withFunding(100n), defined(), resultReported(), resultCorrected('11'))
      .when(correct('11'))
      .thenRefused('nothing-to-change', 'the result Q-1 is 11 already; a correction names another value');
  });
  it('is bounded', () => {
    const all = times(mostChanges, (index) => resultCorrected(String(index)));
    given(withFunding(100n), defined(), resultReported(), all)
      .when(correct('11.5'))
      .thenRefused('limit-reached', 'a result is corrected at most 20 times, and Q-1 has reached that');
  });
});

describe('a period', () => {
  it.each([
    ['2025', '2025-12-31'],
    ['2025-Q1', '2025-03-31'],
    ['2025-Q4', '2025-12-31'],
    ['2024-02', '2024-02-29'],
    ['2025-12', '2025-12-31'],
  ])('%s ends on %s', (period, end) => {
    expect(periodPattern.test(period)).toBe(true);
    expect(endOfPeriod(period)).toBe(end);
  });
  it.each(['25', '2025-Q5', '2025-13', '2025-00', '2025-1', '2025-01-31', '0025'])('is not written %s', (period) => {
    expect(periodPattern.test(period)).toBe(false);
  });
});

it('an indicator’s targets are part of its content', () => {
  expect(canonicalText(indicator)).toContain('"targets":[{"period":"2024","value":"60.5"}]');
});
