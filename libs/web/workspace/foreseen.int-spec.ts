/** A check page foresees exactly the documents that follow once the command is recorded. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InitiativeCommandType } from '../../domain/commands.js';
import { parseCommand } from '../../http/parse-command.js';
import { openTestApplication, type TestApplication } from '../../http/testing/application.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import { foreseen } from './foreseen.js';

describe('the outcome that a form foresees', () => {
  let app: TestApplication;
  let position = 0;
  const on = '2024-03-01';
  const p = '/programmes/p';
  const actors = {
    admin: { id: 'a', organisation: 'cabinet', role: 'admin' },
    ministry: { id: 'm', organisation: 'justice', role: 'ministry' },
    finance: { id: 'f', organisation: 'finance', role: 'finance' },
    other: { id: 'g', organisation: 'finance', role: 'finance' },
  } as const;
  beforeAll(async () => {
    app = await openTestApplication();
  });
  afterAll(() => app.close());

  const send = async (who: keyof typeof actors, type: string, data: object, initiative?: string) => {
    const { id, organisation, role } = actors[who];
    const { text } = await app.send('POST', `${p}/commands`, {
      token: await app.token(role, organisation, id),
      headers: { 'content-type': 'application/x-ndjson' },
      body: JSON.stringify({
        commandId: `c-${position}-${type}`,
        type,
        occurredOn: on,
        data,
        ...(initiative !== undefined && { initiative }),
      }),
    });
    const answer = JSON.parse(text) as { status: number; position: number };
    expect([type, answer.status]).toEqual([type, 201]);
    ({ position } = answer);
  };
  const view = async () =>
    (await app.send('GET', `${p}/initiatives/i`, { headers: { 'ledger-position': String(position) } })).json as unknown as InitiativeView;
  const figures = ({ status, suspended, available, committed, free, fiscalYears }: InitiativeView) => ({
    status,
    suspended,
    available,
    committed,
    free,
    fiscalYears,
  });
  const commitments = async () => (await app.send('GET', `${p}/initiatives/i/commitments`)).json['items'] as CommitmentView[];

  it('is the one that follows, for every command of an initiative', async () => {
    await app.send('PUT', p, {
      token: await app.token('admin', 'cabinet'),
      body: {
        title: { en: 'P' },
        currency: 'KGS',
        timeZone: 'Asia/Bishkek',
        ceiling: 'enforced',
        years: 'annual',
        occurredOn: '2023-01-01',
      },
    });
    for (const fiscalYear of [2023, 2024]) await send('finance', 'GrantAppropriation', { fiscalYear, amount: '1000', legalBasis: 'law' });
    for (const code of ['i', 'k']) await send('ministry', 'ProposeInitiative', { title: { en: 'I' }, authority: 'justice' }, code);
    const steps: [who: keyof typeof actors, type: InitiativeCommandType, data: object][] = [
      ['ministry', 'AmendInitiative', { region: 'Chuy', reason: 'why' }],
      ['finance', 'FundInitiative', { fundingId: 'F', fiscalYear: 2024, amount: '500' }],
      ['finance', 'FundInitiative', { fundingId: 'G', fiscalYear: 2023, amount: '300' }],
      ['finance', 'AdjustFunding', { adjustmentId: 'A', fundingId: 'F', change: '-100', reason: 'why' }],
      ['ministry', 'RecordSpending', { transactionId: 'T', amount: '120' }],
      ['ministry', 'ReverseSpending', { reversalId: 'R', transactionId: 'T', amount: '20', reason: 'why' }],
      ['ministry', 'ReturnFunds', { returnId: 'U', fiscalYear: 2023, amount: '250' }],
      ['ministry', 'MakeCommitment', { commitmentId: 'C', supplier: 'S', amount: '90' }],
      ['ministry', 'ChangeCommitment', { commitmentId: 'C', changeId: 'H', kind: 'value', change: '-10', reason: 'why' }],
      ['ministry', 'RecordSpending', { transactionId: 'V', amount: '30', commitmentId: 'C' }],
      ['ministry', 'ReverseSpending', { reversalId: 'S', transactionId: 'V', amount: '20', reason: 'why' }],
      ['ministry', 'ReleaseCommitment', { commitmentId: 'C', reason: 'why' }],
      ['ministry', 'MakeCommitment', { commitmentId: 'D', supplier: 'S', amount: '5' }],
      ['finance', 'TransferFunding', { transferId: 'X', to: 'k', fiscalYear: 2024, amount: '90', legalBasis: 'law' }],
      ['finance', 'CarryOver', { carryOverId: 'O', fiscalYear: 2023, amount: '20', legalBasis: 'law' }],
      ['ministry', 'PlanMilestone', { milestoneId: 'M', title: { en: 'M' }, dueOn: on, kind: 'delivery' }],
      ['ministry', 'ReportMilestone', { milestoneId: 'M', status: 'met' }],
      ['ministry', 'ReportProgress', { percent: 10, note: 'why' }],
      ['finance', 'AssessConfidence', { assessmentId: 'C', rating: 'red', narrative: 'why', validUntil: on }],
      ['finance', 'SuspendInitiative', { reason: 'why' }],
      ['finance', 'ResumeInitiative', { reason: 'why' }],
      ['finance', 'CancelInitiative', { reason: 'why', legalBasis: 'law' }],
    ];
    for (const [who, type, data] of steps) {
      const command = parseCommand({ type, programme: 'p', initiative: 'i', commandId: 'c', data, occurredOn: on }, actors[who]);
      if (command.initiative === undefined) throw new Error(`${type} is no command of an initiative`);
      const before = await view();
      const named = (await commitments()).find(
        ({ commitmentId }) => JSON.stringify(data).includes(`"${commitmentId}"`) || type === 'ReverseSpending',
      );
      const expected = figures(foreseen(before, command, on, 2024, named));
      await send(who, type, data, 'i');
      expect([type, expected]).toEqual([type, figures(await view())]);
    }
  });

  it('is the one that follows at the end too', async () => {
    await send('ministry', 'ProposeInitiative', { title: { en: 'J' }, authority: 'justice' }, 'j');
    await send('finance', 'FundInitiative', { fundingId: 'F', fiscalYear: 2024, amount: '50' }, 'j');
    await send('ministry', 'RecordSpending', { transactionId: 'T', amount: '50' }, 'j');
    const read = async () =>
      (await app.send('GET', `${p}/initiatives/j`, { headers: { 'ledger-position': String(position) } })).json as unknown as InitiativeView;
    for (const [who, type] of [
      ['ministry', 'StartFinalizing'],
      ['other', 'FinalizeInitiative'],
    ] as const) {
      const command = parseCommand({ type, programme: 'p', initiative: 'j', commandId: 'c', data: {}, occurredOn: on }, actors[who]);
      if (command.initiative === undefined) throw new Error(`${type} is no command of an initiative`);
      const { ended, ...expected } = foreseen(await read(), command, on);
      await send(who, type, {}, 'j');
      const after = await read();
      expect([type, figures(expected), ended]).toEqual([type, figures(after), after.ended]);
    }
  });
});
