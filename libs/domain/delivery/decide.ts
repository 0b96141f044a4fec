/** Decisions on what an initiative delivers: milestones, progress, confidence, indicators and their results. */
import { capabilities, deliveryCommandTypes } from '../capabilities.js';
import type { CommandOf, InitiativeCommand } from '../commands.js';
import { refuseBefore } from '../dates.js';
import type { EventOf, InitiativeEvent } from '../events.js';
import { happened, unchanged } from '../lifecycle/decide.js';
import { refuseWrongStatus } from '../lifecycle/status.js';
import { refuse } from '../refusal.js';
import type { Initiative, Programme } from '../state.js';
import type { IsoDate } from '../vocabulary.js';
import { mostChanges, mostIndicators, mostMilestones, type DeliveryCommandData } from './commands.js';
import type { Deliverable } from './state.js';

export type DeliveryCommand = Extract<InitiativeCommand, { type: keyof DeliveryCommandData }>;
type DeliveryCommandType = keyof DeliveryCommandData;

/** A command about delivery, and the state that its decision needs. */
type DeliveryDecision<T extends DeliveryCommandType> = {
  readonly command: CommandOf<T>;
  readonly initiative: Initiative;
  readonly occurredOn: IsoDate;
};
type Known = Omit<DeliveryDecision<DeliveryCommandType>, 'command'> & {
  /** The milestone, indicator or result that the command refers to, if it names one. It exists. */
  readonly about?: Deliverable;
};

const ofDelivery: ReadonlySet<string> = new Set(deliveryCommandTypes);
export function isOfDelivery(command: InitiativeCommand): command is DeliveryCommand {
  return ofDelivery.has(command.type);
}

export function decideDelivery(command: DeliveryCommand, { about, ...known }: Known): InitiativeEvent[] {
  refuseWrongStatus(command.type, known.initiative);
  switch (command.type) {
    case 'PlanMilestone':
      return planMilestone({ command, ...known });
    case 'ReforecastMilestone':
      return reforecastMilestone({ command, ...known }, about);
    case 'ReportMilestone':
      return reportMilestone({ command, ...known }, about);
    case 'ReportProgress':
      return [{ type: 'ProgressReported', ...happened({ command, ...known }), data: command.data, context: unchanged(known.initiative) }];
    case 'AssessConfidence':
      return assessConfidence({ command, ...known });
    case 'DefineIndicator':
      return defineIndicator({ command, ...known });
    case 'ReportResult':
      return reportResult({ command, ...known });
    case 'CorrectResult':
      return correctResult({ command, ...known }, about);
  }
}

function planMilestone(decision: DeliveryDecision<'PlanMilestone'>): EventOf<'MilestonePlanned'>[] {
  const { command, initiative } = decision;
  refuseBeyond(initiative.delivery?.milestones ?? 0, mostMilestones, 'an initiative has at most', 'milestones', initiative.code);
  return [{ type: 'MilestonePlanned', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

/** A milestone that was met has nothing left to forecast. */
function reforecastMilestone(
  decision: DeliveryDecision<'ReforecastMilestone'>,
  about: Deliverable | undefined,
): EventOf<'MilestoneReforecast'>[] {
  const { command, initiative } = decision;
  const { milestoneId, dueOn } = command.data;
  if (about?.kind !== 'milestone') refuse('unknown-milestone', `${initiative.code} has no milestone ${milestoneId}`);
  if (about.reported?.status === 'met')
    refuse('milestone-met', `the milestone ${milestoneId} was met on ${about.reported.on}; what is met is not forecast again`);
  if (about.dueOn === dueOn)
    refuse('nothing-to-change', `the milestone ${milestoneId} is forecast for ${dueOn} already; a new forecast names another day`);
  refuseBeyond(about.forecasts, mostChanges, 'a milestone is forecast again at most', 'times', milestoneId);
  const context = { ...unchanged(initiative), dueOnBefore: about.dueOn };
  return [{ type: 'MilestoneReforecast', ...happened(decision), data: command.data, context }];
}

/** A later report replaces an earlier one; both stay readable. */
function reportMilestone(decision: DeliveryDecision<'ReportMilestone'>, about: Deliverable | undefined): EventOf<'MilestoneReported'>[] {
  const { command, initiative } = decision;
  const { milestoneId, status, reason } = command.data;
  if (about?.kind !== 'milestone') refuse('unknown-milestone', `${initiative.code} has no milestone ${milestoneId}`);
  const { reported } = about;
  if (reported && reported.status === status && reported.reason === reason)
    refuse(
      'nothing-to-change',
      `the milestone ${milestoneId} was reported ${status} on ${reported.on} already; a new report says something else`,
    );
  refuseBeyond(about.reports, mostChanges, 'a milestone is reported at most', 'times', milestoneId);
  const context = { ...unchanged(initiative), dueOn: about.dueOn };
  return [{ type: 'MilestoneReported', ...happened(decision), data: command.data, context }];
}

/** Nobody says whether an assessment is independent: readers compare the assessor's organisation with the authority. */
function assessConfidence(decision: DeliveryDecision<'AssessConfidence'>): EventOf<'ConfidenceAssessed'>[] {
  const { command, initiative, occurredOn } = decision;
  const { validUntil } = command.data;
  if (validUntil < occurredOn)
    refuse(
      'date-out-of-order',
      `the assessment is of ${occurredOn}, and it is valid until ${validUntil}; name a day that is not before it`,
    );
  return [{ type: 'ConfidenceAssessed', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

function defineIndicator(decision: DeliveryDecision<'DefineIndicator'>): EventOf<'IndicatorDefined'>[] {
  const { command, initiative } = decision;
  refuseBeyond(initiative.delivery?.indicators ?? 0, mostIndicators, 'an initiative has at most', 'indicators', initiative.code);
  return [{ type: 'IndicatorDefined', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

/** Results come in after the initiative's end too, because benefits come late; a period has ended before anybody reports on it. */
function reportResult(decision: DeliveryDecision<'ReportResult'>): EventOf<'ResultReported'>[] {
  const { command, initiative, occurredOn } = decision;
  refuseBefore(occurredOn, 'the end of the period', command.data.periodEnd);
  return [{ type: 'ResultReported', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

function correctResult(decision: DeliveryDecision<'CorrectResult'>, about: Deliverable | undefined): EventOf<'ResultCorrected'>[] {
  const { command, initiative } = decision;
  const { resultId, value } = command.data;
  if (about?.kind !== 'result') refuse('unknown-result', `${initiative.code} has no result ${resultId}`);
  if (about.value === value) refuse('nothing-to-change', `the result ${resultId} is ${value} already; a correction names another value`);
  refuseBeyond(about.corrections, mostChanges, 'a result is corrected at most', 'times', resultId);
  const context = { ...unchanged(initiative), indicatorId: about.indicatorId, valueBefore: about.value };
  return [{ type: 'ResultCorrected', ...happened(decision), data: command.data, context }];
}

/** The rule of programmes that require indicators. @throws {Refusal} `indicator-missing` before the first funding of an initiative without one */
export function refuseWithoutIndicator({ code, indicators }: Programme, initiative: Initiative): void {
  if (indicators !== 'required' || initiative.fundedOn !== undefined || (initiative.delivery?.indicators ?? 0) > 0) return;
  const { by } = capabilities.DefineIndicator;
  refuse(
    'indicator-missing',
    `${code} funds initiatives that say what they achieve: ${initiative.code} has 0 indicators; the ${by.join(' or ')} defines one first`,
  );
}

/** @throws {Refusal} `limit-reached` */
function refuseBeyond(count: number, most: number, rule: string, what: string, of: string): void {
  if (count >= most) refuse('limit-reached', `${rule} ${most} ${what}, and ${of} has reached that`);
}
