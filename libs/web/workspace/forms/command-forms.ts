/** The form of every command that people send in the workspace: its fields, in the order in which they are asked. */
import type { CommandData, CommandType, InitiativeCommandType, ProgrammeCommandType } from '../../../domain/commands.js';
import type { CommitmentChangeKind } from '../../../domain/commitments/commands.js';
import { capabilities } from '../../../domain/capabilities.js';
import type { Role } from '../../../domain/vocabulary.js';
import { commandBodies } from '../../../http/dto/command-bodies.js';
import { fieldsOf } from '../../../http/fields.js';
import { milestoneKindNames, milestoneStatusNames, ratingNames } from '../../parts/delivery-names.js';
import type { Language, TextKey } from '../../speech.js';

/**
 * What a field takes. `amount` and `change` are decimal amounts in the programme's currency; `id` is made if it is left empty; `title` is a text in each
 * language of the pages; `choice` is one of the field's `choices`; `targets` is a period and a decimal number on each line; `source` and `papers` are filled
 * in part by part.
 */
export type FieldKind =
  | 'text'
  | 'lines'
  | 'amount'
  | 'change'
  | 'day'
  | 'year'
  | 'id'
  | 'code'
  | 'title'
  | 'choice'
  | 'percent'
  | 'decimal'
  | 'targets'
  | 'url'
  | 'digest'
  | 'source'
  | 'papers';
/** The name of a choice: a text of the pages, or the same word in every language. */
export type ChoiceName = TextKey | { readonly [L in Language]: string };
export type FormField = {
  readonly name: string;
  readonly kind: FieldKind;
  readonly label: TextKey;
  readonly hint?: TextKey;
  readonly optional: boolean;
  /** The values of a choice, each with its name. */
  readonly choices?: Readonly<Record<string, ChoiceName>>;
};
export type CommandForm = {
  readonly type: CommandType;
  readonly title: TextKey;
  readonly fields: readonly FormField[];
  /** The roles that may send it. */
  readonly by: readonly Role[];
};

type Asked = Pick<FormField, 'kind' | 'label' | 'hint' | 'choices'>;
/** A field of the command's data, the day, or a new initiative's code. Every form ends with the papers. */
type FieldName<T extends CommandType> =
  (keyof CommandData[T] & string) | 'occurredOn' | (T extends 'ProposeInitiative' ? 'initiative' : never);

function form<T extends CommandType>(
  type: T,
  title: TextKey,
  fields: { readonly [N in FieldName<T>]?: Asked },
): CommandForm & { readonly type: T } {
  const declared = fieldsOf(commandBodies[type]);
  const asked: [string, Asked][] = Object.entries({
    ...fields,
    occurredOn: fields.occurredOn ?? occurredOn,
    references: papers,
  });
  return {
    type,
    title,
    by: capabilities[type].by,
    fields: asked.map(([name, field]) => ({
      name,
      ...field,
      optional: field.kind === 'id' || name === 'occurredOn' || field.kind === 'papers' || (declared.get(name)?.optional ?? false),
    })),
  };
}

const occurredOn: Asked = { kind: 'day', label: 'happenedOn', hint: 'happenedOnHint' };
const papers: Asked = { kind: 'papers', label: 'papers' };
const source: Asked = { kind: 'source', label: 'moneySource' };
const amount: Asked = { kind: 'amount', label: 'amount', hint: 'amountHint' };
const change: Asked = { kind: 'change', label: 'changeBy', hint: 'changeHint' };
const fiscalYear: Asked = { kind: 'year', label: 'fiscalYear' };
const sector: Asked = { kind: 'text', label: 'sectorField', hint: 'sectorHint' };
const reason: Asked = { kind: 'lines', label: 'reasonField' };
const legalBasis: Asked = { kind: 'text', label: 'legalBasisField', hint: 'legalBasisHint' };
const id: Asked = { kind: 'id', label: 'ownNumber', hint: 'ownNumberHint' };

const commitmentId: Asked = { kind: 'text', label: 'commitmentNumber' };
const changeKinds = { value: 'kindValue', duration: 'kindDuration', scope: 'kindScope' } as const satisfies Record<
  CommitmentChangeKind,
  TextKey
>;
const choiceOf = (label: TextKey, choices: Readonly<Record<string, TextKey>>): Asked => ({ kind: 'choice', label, choices });
const milestoneId: Asked = { kind: 'text', label: 'milestoneNumber' };
const dueOn: Asked = { kind: 'day', label: 'milestoneDueOn' };
const value: Asked = { kind: 'decimal', label: 'resultValue', hint: 'decimalHint' };

export const programmeForms = {
  proposal: form('ProposeInitiative', 'propose', {
    initiative: { kind: 'code', label: 'code', hint: 'codeHint' },
    title: { kind: 'title', label: 'titleField' },
    authorityName: { kind: 'text', label: 'authorityName' },
    requestedAmount: { kind: 'amount', label: 'requested', hint: 'amountHint' },
    plannedStart: { kind: 'day', label: 'plannedStart' },
    plannedEnd: { kind: 'day', label: 'plannedEnd' },
    region: { kind: 'text', label: 'region' },
    sector,
  }),
  appropriation: form('GrantAppropriation', 'grantAppropriation', { fiscalYear, amount, legalBasis, source }),
  'appropriation-change': form('AdjustAppropriation', 'adjustAppropriation', { fiscalYear, change, legalBasis, adjustmentId: id }),
  closing: form('CloseFiscalYear', 'closeYear', { fiscalYear }),
  reopening: form('ReopenFiscalYear', 'reopenYear', { fiscalYear, reason, legalBasis }),
} as const satisfies Readonly<Record<string, CommandForm & { type: ProgrammeCommandType | 'ProposeInitiative' }>>;

export const initiativeForms = {
  spending: form('RecordSpending', 'recordSpending', {
    amount,
    commitmentId: { ...commitmentId, hint: 'drawnFromHint' },
    payee: { kind: 'text', label: 'payeeField' },
    description: { kind: 'lines', label: 'purpose' },
    transactionId: { ...id, label: 'paymentNumber' },
    occurredOn: { ...occurredOn, hint: 'spentOnHint' },
  }),
  reversal: form('ReverseSpending', 'reverseSpending', {
    transactionId: { kind: 'text', label: 'paymentNumber' },
    amount,
    reason,
    reversalId: id,
  }),
  return: form('ReturnFunds', 'returnFunds', { fiscalYear, amount, reason, returnId: id }),
  commitment: form('MakeCommitment', 'makeCommitment', {
    supplier: { kind: 'text', label: 'supplier' },
    amount,
    contract: { kind: 'text', label: 'contractNumber' },
    ocid: { kind: 'text', label: 'ocidField', hint: 'ocidHint' },
    plannedEnd: { kind: 'day', label: 'contractEnd' },
    commitmentId: id,
    occurredOn: { ...occurredOn, hint: 'committedOnHint' },
  }),
  'commitment-change': form('ChangeCommitment', 'changeCommitment', {
    commitmentId,
    kind: { kind: 'choice', label: 'changeKind', choices: changeKinds },
    change,
    plannedEnd: { kind: 'day', label: 'newContractEnd' },
    reason,
    changeId: id,
  }),
  'commitment-release': form('ReleaseCommitment', 'releaseCommitment', { commitmentId, reason }),
  transfer: form('TransferFunding', 'transferFunding', {
    to: { kind: 'code', label: 'taker', hint: 'takerHint' },
    fiscalYear,
    amount,
    legalBasis,
    transferId: id,
  }),
  'carry-over': form('CarryOver', 'carryOver', { fiscalYear, amount, legalBasis, carryOverId: id }),
  finalization: form('StartFinalizing', 'startFinalizing', {}),
  funding: form('FundInitiative', 'fundInitiative', { fiscalYear, amount, source, fundingId: id }),
  'funding-change': form('AdjustFunding', 'adjustFunding', {
    fundingId: { kind: 'text', label: 'fundingNumber' },
    change,
    reason,
    adjustmentId: id,
  }),
  completion: form('FinalizeInitiative', 'finalizeInitiative', {}),
  suspension: form('SuspendInitiative', 'suspendInitiative', { reason, legalBasis }),
  resumption: form('ResumeInitiative', 'resumeInitiative', { reason, legalBasis }),
  amendment: form('AmendInitiative', 'amendInitiative', {
    title: { kind: 'title', label: 'titleField' },
    plannedStart: { kind: 'day', label: 'plannedStart' },
    plannedEnd: { kind: 'day', label: 'plannedEnd' },
    region: { kind: 'text', label: 'region' },
    sector,
    reason,
  }),
  cancellation: form('CancelInitiative', 'cancelInitiative', { reason, legalBasis }),
  milestone: form('PlanMilestone', 'planMilestone', {
    title: { kind: 'title', label: 'titleField' },
    dueOn,
    kind: choiceOf('milestoneKind', milestoneKindNames),
    milestoneId: id,
  }),
  forecast: form('ReforecastMilestone', 'reforecastMilestone', { milestoneId, dueOn: { ...dueOn, label: 'milestoneNewDay' }, reason }),
  'milestone-report': form('ReportMilestone', 'reportMilestone', {
    milestoneId,
    status: choiceOf('milestoneStatus', milestoneStatusNames),
    reason,
  }),
  progress: form('ReportProgress', 'reportProgress', {
    percent: { kind: 'percent', label: 'progressPercent', hint: 'progressHint' },
    note: { kind: 'lines', label: 'progressNote' },
  }),
  assessment: form('AssessConfidence', 'assessConfidence', {
    rating: choiceOf('rating', ratingNames),
    narrative: { kind: 'lines', label: 'narrative' },
    validUntil: { kind: 'day', label: 'validUntil' },
    assessmentId: id,
  }),
  indicator: form('DefineIndicator', 'defineIndicator', {
    title: { kind: 'title', label: 'titleField' },
    unit: { kind: 'text', label: 'unitField', hint: 'unitHint' },
    baseline: { kind: 'decimal', label: 'baselineField', hint: 'decimalHint' },
    targets: { kind: 'targets', label: 'targetsField', hint: 'targetsHint' },
    indicatorId: id,
  }),
  result: form('ReportResult', 'reportResult', {
    indicatorId: { kind: 'text', label: 'indicatorNumber' },
    periodEnd: { kind: 'day', label: 'periodEnd' },
    value,
    resultId: id,
  }),
  'result-correction': form('CorrectResult', 'correctResult', { resultId: { kind: 'text', label: 'resultNumber' }, value, reason }),
} as const satisfies Readonly<Record<string, CommandForm & { type: Exclude<InitiativeCommandType, 'ProposeInitiative'> }>>;

/** The forms that end a request; the address names it. */
export const requestForms = {
  approval: form('ApproveRequest', 'approveRequest', { reason }),
  return: form('ReturnRequest', 'returnRequest', { reason }),
  withdrawal: form('WithdrawRequest', 'withdrawRequest', {}),
} as const satisfies Readonly<Record<string, CommandForm & { type: ProgrammeCommandType }>>;

/** The form of a name in an address; `undefined` if there is none. */
export function formNamed(forms: Readonly<Record<string, CommandForm>>, name: string): CommandForm | undefined {
  return Object.hasOwn(forms, name) ? forms[name] : undefined;
}
/** The languages of a title, in the order in which they are asked. */
export const titleLanguages = ['ky', 'ru', 'en'] as const;
export const titlePart = (name: string, language: string) => `${name}.${language}`;
