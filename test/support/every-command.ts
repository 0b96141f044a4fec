/** One life that needs every kind of command: a list to send through any ledger, and to read back through any client. */
import { expect } from '@jest/globals';
import type { CommandType } from '../../libs/domain/commands.js';
import { definition, leafText, programmeKey, withPosition } from '../../libs/proof/statements/document.js';
import { leafOfDocument } from '../../libs/proof/statements/stated-tree.js';
import type { Storytellers } from './ministry-year.js';
import { thisYear, timeZone } from './days.js';

/** A command as a line of a batch has it, and who sends it. Amounts are minor units as text. */
export type Step = {
  by: Exclude<keyof Storytellers, 'anyone'>;
  type: CommandType;
  initiative?: string;
  data: Readonly<Record<string, unknown>>;
  references?: readonly object[];
};

const lastYear = thisYear - 1;
const legalBasis = 'Budget law';
const [notary, archive] = ['e-notary', 'e-archive'];
const fund = (fundingId: string, amount: string, source?: object): Step => ({
  by: 'finance',
  type: 'FundInitiative',
  initiative: notary,
  data: { fundingId, fiscalYear: thisYear, amount, ...(source && { source }) },
});
const propose = (initiative: string): Step => ({
  by: 'ministry',
  type: 'ProposeInitiative',
  initiative,
  data: { title: { en: initiative }, authority: 'ministry-of-justice', region: 'KG-C', sector: '01.3', requestedAmount: '250000' },
});

/** The one document of the programme as it was established, at position 1. */
const asEstablished = leafText(programmeKey, {
  versions: 1,
  positions: withPosition('0'.repeat(64), 1),
  document: { currency: 'KGS', years: {}, closed: [] },
});

/** A request is named after the programme's version that it made; the programme's own commands before these are eight. */
export const everyCommand: readonly Step[] = [
  {
    by: 'admin',
    type: 'EstablishProgramme',
    data: { title: { en: 'Every command' }, currency: 'KGS', timeZone, ceiling: 'enforced', years: 'annual' },
  },
  { by: 'finance', type: 'GrantAppropriation', data: { fiscalYear: lastYear, amount: '1', legalBasis } },
  {
    by: 'finance',
    type: 'GrantAppropriation',
    data: { fiscalYear: thisYear, amount: '1000000', legalBasis, source: { kind: 'budget' } },
    references: [{ type: 'legalAct', id: 'No. 7' }],
  },
  {
    by: 'finance',
    type: 'AdjustAppropriation',
    data: { fiscalYear: thisYear, adjustmentId: 'B-1', change: '-10000', legalBasis },
  },
  { by: 'finance', type: 'CloseFiscalYear', data: { fiscalYear: lastYear } },
  { by: 'controller', type: 'ReopenFiscalYear', data: { fiscalYear: lastYear, reason: 'An invoice is missing', legalBasis } },
  { by: 'finance', type: 'CloseFiscalYear', data: { fiscalYear: lastYear } },
  {
    by: 'admin',
    type: 'AmendProgramme',
    data: {
      title: { ky: 'Ар бир буйрук' },
      approvals: [{ command: 'FundInitiative', above: '50000', role: 'finance' }],
      thresholds: { spent: [20, 100], funded: [5] },
      reason: 'Order 12',
    },
  },
  propose(notary),
  propose(archive),
  { by: 'ministry', type: 'AmendInitiative', initiative: notary, data: { plannedEnd: `${thisYear}-12-31`, reason: 'The tender' } },
  {
    by: 'ministry',
    type: 'DefineIndicator',
    initiative: notary,
    data: {
      indicatorId: 'I-1',
      title: { en: 'Acts signed online' },
      unit: 'percent',
      baseline: '0',
      targets: [{ period: String(thisYear), value: '60' }],
    },
  },
  {
    by: 'ministry',
    type: 'PlanMilestone',
    initiative: notary,
    data: { milestoneId: 'M-1', title: { en: 'Pilot' }, kind: 'delivery', dueOn: `${thisYear}-06-30` },
  },
  fund('F-1', '50000', { kind: 'grant', party: 'World Bank' }),
  fund('F-2', '200000'),
  { by: 'controller', type: 'ApproveRequest', data: { requestId: 'R-9' } },
  fund('F-3', '60000'),
  { by: 'controller', type: 'ReturnRequest', data: { requestId: 'R-11', reason: 'Too much' } },
  fund('F-4', '70000'),
  { by: 'finance', type: 'WithdrawRequest', data: { requestId: 'R-13' } },
  {
    by: 'finance',
    type: 'AdjustFunding',
    initiative: notary,
    data: { fundingId: 'F-1', adjustmentId: 'A-1', change: '-5000', reason: 'less' },
  },
  {
    by: 'ministry',
    type: 'MakeCommitment',
    initiative: notary,
    data: { commitmentId: 'C-1', supplier: 'Systems', amount: '100000' },
    references: [{ type: 'contractSigned', id: 'K-17', sha256: 'a'.repeat(64) }],
  },
  {
    by: 'ministry',
    type: 'ChangeCommitment',
    initiative: notary,
    data: { commitmentId: 'C-1', changeId: 'H-1', kind: 'value', change: '10000', reason: 'more offices' },
  },
  {
    by: 'ministry',
    type: 'RecordSpending',
    initiative: notary,
    data: { transactionId: 'T-1', amount: '60000', commitmentId: 'C-1' },
  },
  {
    by: 'ministry',
    type: 'ReverseSpending',
    initiative: notary,
    data: { transactionId: 'T-1', reversalId: 'V-1', amount: '10000', reason: 'paid twice' },
  },
  { by: 'finance', type: 'ReleaseCommitment', initiative: notary, data: { commitmentId: 'C-1', reason: 'The supplier left' } },
  { by: 'ministry', type: 'RecordSpending', initiative: notary, data: { transactionId: 'T-2', amount: '5000' } },
  {
    by: 'ministry',
    type: 'ReforecastMilestone',
    initiative: notary,
    data: { milestoneId: 'M-1', dueOn: `${thisYear}-09-30`, reason: 'A new supplier' },
  },
  { by: 'ministry', type: 'ReportMilestone', initiative: notary, data: { milestoneId: 'M-1', status: 'met' } },
  { by: 'ministry', type: 'ReportProgress', initiative: notary, data: { percent: 10, note: 'The pilot runs' } },
  {
    by: 'auditor',
    type: 'AssessConfidence',
    initiative: notary,
    data: { assessmentId: 'S-1', rating: 'red', narrative: 'Money is ahead of progress', validUntil: `${thisYear + 1}-12-31` },
  },
  {
    by: 'finance',
    type: 'TransferFunding',
    initiative: notary,
    data: { transferId: 'X-1', to: archive, fiscalYear: thisYear, amount: '40000', legalBasis },
  },
  {
    by: 'finance',
    type: 'CarryOver',
    initiative: archive,
    data: { carryOverId: 'O-1', fiscalYear: thisYear, amount: '1000', legalBasis },
  },
  { by: 'finance', type: 'SuspendInitiative', initiative: archive, data: { reason: 'audit' } },
  { by: 'finance', type: 'ResumeInitiative', initiative: archive, data: { reason: 'audit over' } },
  { by: 'finance', type: 'CancelInitiative', initiative: archive, data: { reason: 'no need', legalBasis } },
  { by: 'ministry', type: 'ReturnFunds', initiative: notary, data: { returnId: 'U-1', fiscalYear: thisYear, amount: '150000' } },
  { by: 'ministry', type: 'StartFinalizing', initiative: notary, data: {} },
  { by: 'finance', type: 'FinalizeInitiative', initiative: notary, data: {} },
  {
    by: 'ministry',
    type: 'ReportResult',
    initiative: notary,
    data: { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: `${lastYear}-12-31`, value: '61.5' },
  },
  { by: 'ministry', type: 'CorrectResult', initiative: notary, data: { resultId: 'Q-1', value: '60.5', reason: 'a typing error' } },
  { by: 'auditor', type: 'OrderStatement', data: { reason: 'An audit' } },
  {
    by: 'admin',
    type: 'PublishStatement',
    data: { position: 1, size: 1, root: Buffer.from(leafOfDocument(asEstablished)).toString('hex'), definition },
  },
];

/** Whether a command waits for a second person, so that it is answered 202. */
export function waits({ type, data: { fundingId } }: Step): boolean {
  return type === 'FundInitiative' && fundingId !== 'F-1';
}

/** Sends every command in batches, one for each run of commands of one sender, and expects each to be recorded or held. */
export async function sendEveryCommand(people: Storytellers, programme: string): Promise<void> {
  for (let from = 0; from < everyCommand.length;) {
    const sender = everyCommand[from]?.by ?? 'admin';
    const rest = everyCommand.slice(from);
    const others = rest.findIndex(({ by }) => by !== sender);
    const steps = others === -1 ? rest : rest.slice(0, others);
    const lines = steps.map(({ by: _, ...line }, index) => ({ commandId: `every-${from + index}`, ...line }));
    const answers = await people[sender].batch(programme, lines);
    expect(answers).toMatchObject(steps.map((step) => ({ status: waits(step) ? 202 : 201 })));
    from += steps.length;
  }
}
