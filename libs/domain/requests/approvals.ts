/** Which commands wait for a second person. A programme's approvals say so; amounts are minor units. */
import type { Command, CommandData, CommandType } from '../commands.js';
import type { Money, Role } from '../vocabulary.js';

/** The field with the amount that a rule compares; `null` for commands without one, which wait always or never. */
type AmountFields = { readonly [T in CommandType]?: keyof CommandData[T] | null };

/** The commands that approvals may name: those that move money, end an initiative, or close and reopen a fiscal year. */
export const approvable = {
  GrantAppropriation: 'amount',
  AdjustAppropriation: 'change',
  CloseFiscalYear: null,
  ReopenFiscalYear: null,
  FundInitiative: 'amount',
  AdjustFunding: 'change',
  RecordSpending: 'amount',
  ReverseSpending: 'amount',
  ReturnFunds: 'amount',
  TransferFunding: 'amount',
  CarryOver: 'amount',
  MakeCommitment: 'amount',
  ChangeCommitment: 'change',
  FinalizeInitiative: null,
  CancelInitiative: null,
} as const satisfies AmountFields;
export type ApprovableType = keyof typeof approvable;
export type ApprovableCommand = Extract<Command, { type: ApprovableType }>;

/** The approvable commands to the programme itself, which no ministry decides on. */
const ofProgramme: readonly ApprovableType[] = ['GrantAppropriation', 'AdjustAppropriation', 'CloseFiscalYear', 'ReopenFiscalYear'];

/** The roles that may decide on a request. */
export const approverRoles = ['ministry', 'finance', 'admin'] as const satisfies readonly Role[];
export type ApproverRole = (typeof approverRoles)[number];

/** Commands of a type, always or above an amount (without its sign), wait for a second person in a role. */
export type ApprovalRule = { readonly command: ApprovableType; readonly above?: Money; readonly role: ApproverRole };
/** The largest number of rules of a programme. */
export const mostApprovals = 40;

/** Percentages at which a notice is due, in steps of {@link thresholdStep}: of an initiative’s funding that is spent, and of a year’s appropriation that is funded. */
export type Thresholds = { readonly spent: readonly number[]; readonly funded: readonly number[] };
/** Thresholds are multiples of 5, up to 100. */
export const thresholdStep = 5;
/** The thresholds of a programme that sets none. */
export const defaultThresholds: Thresholds = { spent: [70, 85, 100], funded: [70, 85, 100] };

export function isApprovable(type: string): type is ApprovableType {
  return Object.hasOwn(approvable, type);
}

/** A command of an approvable type, or the event that has its data. */
export type Approvable = { readonly type: ApprovableType; readonly data: object };

/** The amount of a command that a rule compares, without its sign; `undefined` if commands of its type have none. */
export function amountOf({ type, data }: Approvable): Money | undefined {
  const field = approvable[type];
  const amount: unknown = field === null ? undefined : Reflect.get(data, field);
  if (typeof amount !== 'bigint') return undefined;
  return amount < 0n ? -amount : amount;
}

/** The rule by which a command waits: of those that apply, the one with the highest amount; `undefined` if it does not wait. */
export function ruleFor(command: Approvable, approvals: readonly ApprovalRule[] = []): ApprovalRule | undefined {
  const amount = amountOf(command) ?? 0n;
  let found: ApprovalRule | undefined;
  for (const rule of approvals) {
    if (rule.command !== command.type || (rule.above !== undefined && amount <= rule.above)) continue;
    if (!found || (rule.above ?? -1n) > (found.above ?? -1n)) found = rule;
  }
  return found;
}

/** What is wrong with a list of rules, as a sentence that also says what would be right. */
export function faultInApprovals(approvals: readonly ApprovalRule[]): string | undefined {
  const seen = new Set<string>();
  for (const { command, above, role } of approvals) {
    if (above !== undefined && approvable[command] === null)
      return `${command} has no amount, so its rule names no amount above which it waits`;
    if (role === 'ministry' && ofProgramme.includes(command))
      return `${command} is a command to the programme itself, which finance or an admin approves, not a ministry`;
    const key = `${command} ${above ?? 'always'}`;
    if (seen.has(key)) return `two rules are for ${command} ${above === undefined ? 'at every amount' : `above ${above}`}; one is enough`;
    seen.add(key);
  }
  return undefined;
}
