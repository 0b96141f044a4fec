import type { Standing } from '../lifecycle/events.js';
import type { Decimal, IsoDate } from '../vocabulary.js';
import type { DeliveryCommandData } from './commands.js';

/** Events about what an initiative delivers. `data` is what was decided, `context` what readers need to fold it. */
export type DeliveryEvents = {
  MilestonePlanned: { data: DeliveryCommandData['PlanMilestone']; context: Standing };
  /** `dueOnBefore` is the day that was forecast before. */
  MilestoneReforecast: { data: DeliveryCommandData['ReforecastMilestone']; context: Standing & { dueOnBefore: IsoDate } };
  /** `dueOn` is the day that was forecast. */
  MilestoneReported: { data: DeliveryCommandData['ReportMilestone']; context: Standing & { dueOn: IsoDate } };
  ProgressReported: { data: DeliveryCommandData['ReportProgress']; context: Standing };
  ConfidenceAssessed: { data: DeliveryCommandData['AssessConfidence']; context: Standing };
  IndicatorDefined: { data: DeliveryCommandData['DefineIndicator']; context: Standing };
  ResultReported: { data: DeliveryCommandData['ReportResult']; context: Standing };
  ResultCorrected: { data: DeliveryCommandData['CorrectResult']; context: Standing & { indicatorId: string; valueBefore: Decimal } };
};
