/** What the running initiatives of the demo deliver: milestones, progress, an indicator with a result, and what ministries and the audit chamber think of it. */
import type { Actor, IsoDate } from '../../../libs/domain/vocabulary.js';
import type { InitiativePlan } from './plans.js';
import { clerkOf, type Entry } from './story.js';

const auditor: Actor = { id: 'audit.digital', organisation: 'chamber-of-accounts', role: 'auditor' };

const titles = {
  design: { ky: 'Долбоор бекитилди', ru: 'Проект утверждён', en: 'Design approved' },
  pilot: { ky: 'Үч мекемеде сыноо', ru: 'Пилот в трёх учреждениях', en: 'Pilot in three offices' },
  rollout: { ky: 'Бардык аймактарда иштетүү', ru: 'Запуск во всех областях', en: 'In use in every region' },
  share: { ky: 'Онлайн кайрылуулардын үлүшү', ru: 'Доля онлайн-обращений', en: 'Share of requests made online' },
};

/** The entries of an initiative that still spends; none of any other. `isWorst` is the one that the audit chamber rates red. */
export function deliveryOf(plan: InitiativePlan, isWorst: boolean): Entry[] {
  if (plan.fate !== 'spending') return [];
  const initiative = plan.code;
  const by = (actor: Actor, occurredOn: IsoDate, enteredOn: IsoDate) => ({ initiative, actor, occurredOn, enteredOn });
  const clerk = clerkOf(plan.authority);
  const planned = by(clerk, '2024-05-03', '2024-05-06');
  const late = by(clerk, '2024-09-02', '2024-09-04');
  const percent = isWorst ? 10 : 45 + (plan.index % 5) * 5;
  return [
    { type: 'PlanMilestone', ...planned, data: { milestoneId: 'M-1', title: titles.design, dueOn: '2024-06-28', kind: 'approval' } },
    { type: 'PlanMilestone', ...planned, data: { milestoneId: 'M-2', title: titles.pilot, dueOn: '2024-09-30', kind: 'delivery' } },
    { type: 'PlanMilestone', ...planned, data: { milestoneId: 'M-3', title: titles.rollout, dueOn: '2025-03-31', kind: 'delivery' } },
    {
      type: 'DefineIndicator',
      ...planned,
      data: {
        indicatorId: 'I-1',
        title: titles.share,
        unit: '%',
        baseline: '8.5',
        targets: [
          { period: '2024-Q2', value: '10' },
          { period: '2025', value: '60' },
        ],
      },
    },
    { type: 'ReportMilestone', ...by(clerk, '2024-07-05', '2024-07-09'), data: { milestoneId: 'M-1', status: 'met' } },
    {
      type: 'ReforecastMilestone',
      ...late,
      data: { milestoneId: 'M-2', dueOn: isWorst ? '2025-02-28' : '2024-11-15', reason: 'The tender was repeated' },
    },
    {
      type: 'ReportResult',
      ...late,
      data: { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: '2024-06-30', value: isWorst ? '8.5' : '11.2' },
    },
    { type: 'ReportProgress', ...late, data: { percent, note: 'Reported by the project office' } },
    {
      type: 'AssessConfidence',
      ...late,
      data: { assessmentId: 'C-1', rating: 'green', narrative: 'The rollout is on its way', validUntil: '2025-03-31' },
    },
    ...(isWorst ? [redRating(by(auditor, '2024-09-05', '2024-09-09'))] : []),
  ];
}

function redRating(entered: { initiative: string; actor: Actor; occurredOn: IsoDate; enteredOn: IsoDate }): Entry {
  const narrative = 'Most of the money is spent, and the pilot has not begun';
  return { type: 'AssessConfidence', ...entered, data: { assessmentId: 'C-A1', rating: 'red', narrative, validUntil: '2025-03-31' } };
}
