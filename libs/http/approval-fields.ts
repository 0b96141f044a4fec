/** The fields of a programme's approvals and thresholds. */
import { ApiProperty } from '@nestjs/swagger';
import {
  approvable,
  approverRoles,
  faultInApprovals,
  isApprovable,
  mostApprovals,
  thresholdStep,
  type ApprovalRule,
} from '../domain/requests/approvals.js';
import { amountPattern, ruled } from './fields.js';
import { isObject } from './is-object.js';

const shape = `a list of at most ${mostApprovals} rules such as {"command":"FundInitiative","above":"50000000","role":"finance"}; command is one of ${Object.keys(approvable).join(', ')}, above an amount in minor units or left out, role one of ${approverRoles.join(', ')}`;

type SentRule = { command: ApprovalRule['command']; above?: string; role: ApprovalRule['role'] };

/** Which commands wait for a second person. */
export function ApprovalsField(): PropertyDecorator {
  const api = ApiProperty({
    type: 'array',
    maxItems: mostApprovals,
    items: {
      type: 'object',
      required: ['command', 'role'],
      properties: {
        command: { type: 'string', enum: Object.keys(approvable) },
        above: { type: 'string', pattern: amountPattern.source, description: 'The amount above which it waits; it always does if absent.' },
        role: { type: 'string', enum: [...approverRoles], description: 'The role of the second person.' },
      },
    },
    required: false,
    description: 'Which commands wait until a second person approves them. The list replaces the former one; an empty one lifts it.',
    example: [
      { command: 'FundInitiative', above: '5000000000', role: 'finance' },
      { command: 'ReopenFiscalYear', role: 'finance' },
    ],
  });
  const holds = (value: unknown) => areRules(value) && faultInApprovals(rulesIn(value)) === undefined;
  const says = (value: unknown) => (areRules(value) ? `without a contradiction: ${faultInApprovals(rulesIn(value)) ?? ''}` : shape);
  return ruled(api, { name: 'approvals', holds, says }, { optional: true }, (sent) => (areRules(sent) ? rulesIn(sent) : sent));
}

function rulesIn(sent: readonly SentRule[]): ApprovalRule[] {
  return sent.map(({ command, above, role }) => ({ command, ...(above !== undefined && { above: BigInt(above) }), role }));
}
function areRules(value: unknown): value is SentRule[] {
  return Array.isArray(value) && value.length <= mostApprovals && value.every(isRule);
}
function isRule(value: unknown): value is SentRule {
  if (!isObject(value)) return false;
  const { command, above, role, ...others }: { [field: string]: unknown } = { ...value };
  return (
    Object.keys(others).length === 0 &&
    typeof command === 'string' &&
    isApprovable(command) &&
    (above === undefined || (typeof above === 'string' && amountPattern.test(above))) &&
    approverRoles.some((one) => one === role)
  );
}

/** The most thresholds of one kind. */
const mostThresholds = 10;
const percents = {
  type: 'array',
  minItems: 1,
  maxItems: mostThresholds,
  items: { type: 'integer', minimum: thresholdStep, maximum: 100 },
} as const;

/** The percentages at which notices are due. */
export function ThresholdsField(): PropertyDecorator {
  const api = ApiProperty({
    type: 'object',
    required: ['spent', 'funded'],
    properties: {
      spent: { ...percents, description: 'Of an initiative’s funding that is spent.' },
      funded: { ...percents, description: 'Of a year’s appropriation that is funded.' },
    },
    selfRequired: false,
    description: `The percentages at which a notice is due: multiples of ${thresholdStep} up to 100, rising.`,
    example: { spent: [70, 85, 100], funded: [70, 85, 100] },
  });
  const holds = (value: unknown) => {
    if (!isObject(value) || Array.isArray(value)) return false;
    const { spent, funded, ...others }: { [field: string]: unknown } = { ...value };
    return Object.keys(others).length === 0 && areThresholds(spent) && areThresholds(funded);
  };
  const says = `{"spent": […], "funded": […]} with 1 to ${mostThresholds} percentages each, rising multiples of ${thresholdStep} up to 100`;
  return ruled(api, { name: 'thresholds', holds, says }, { optional: true });
}

function areThresholds(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostThresholds) return false;
  let before = 0;
  for (const percent of value) {
    if (typeof percent !== 'number' || percent <= before || percent > 100 || percent % thresholdStep !== 0) return false;
    before = percent;
  }
  return true;
}
