import { beforeAnEnd, withMoney, type InitiativeCapability } from '../capability.js';
import type { DeliveryCommandData } from './commands.js';

/** What an initiative delivers is reported after its end too, because benefits come late; nothing new is planned then. */
const afterFunding = [...withMoney, 'finalized', 'cancelled'] as const;

/** What an initiative delivers: milestones, progress, indicators and results. */
export const deliveryCapabilities = {
  PlanMilestone: {
    by: ['ministry'],
    in: beforeAnEnd,
    brings: 'milestone',
    event: 'MilestonePlanned',
    refusals: ['milestone-exists', 'limit-reached'],
  },
  ReforecastMilestone: {
    by: ['ministry'],
    in: beforeAnEnd,
    corrects: 'milestone',
    event: 'MilestoneReforecast',
    refusals: ['unknown-milestone', 'milestone-met', 'nothing-to-change', 'limit-reached'],
  },
  ReportMilestone: {
    by: ['ministry'],
    in: [...beforeAnEnd, 'finalized', 'cancelled'],
    corrects: 'milestone',
    event: 'MilestoneReported',
    refusals: ['unknown-milestone', 'nothing-to-change', 'limit-reached'],
  },
  ReportProgress: { by: ['ministry'], in: withMoney, event: 'ProgressReported', refusals: [] },
  AssessConfidence: {
    by: ['ministry', 'finance', 'auditor'],
    in: beforeAnEnd,
    brings: 'assessment',
    event: 'ConfidenceAssessed',
    refusals: ['assessment-exists'],
  },
  DefineIndicator: {
    by: ['ministry'],
    in: beforeAnEnd,
    brings: 'indicator',
    event: 'IndicatorDefined',
    refusals: ['indicator-exists', 'limit-reached'],
  },
  ReportResult: {
    by: ['ministry'],
    in: afterFunding,
    brings: 'result',
    corrects: 'indicator',
    event: 'ResultReported',
    refusals: ['result-exists', 'unknown-indicator'],
  },
  CorrectResult: {
    by: ['ministry'],
    in: afterFunding,
    corrects: 'result',
    event: 'ResultCorrected',
    refusals: ['unknown-result', 'nothing-to-change', 'limit-reached'],
  },
} as const satisfies { [T in keyof DeliveryCommandData]: InitiativeCapability<T> };
