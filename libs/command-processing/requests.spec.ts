/** Commands that wait for a second person, through the processor: in batches, atomically, dry, and after a restart. */
import { describe, expect, it } from '@jest/globals';
import type { Command } from '../domain/commands.js';
import type { ApprovalRule } from '../domain/requests/approvals.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import type { EventRecord } from '../event-log/record.js';
import {
  actor,
  command,
  establish,
  finance,
  fund,
  grant,
  justice,
  openTestLedger,
  propose,
  spend,
  type TestLedger,
} from './testing/ledger.js';
import type { Outcome } from './outcome.js';
import { Processor } from './processor.js';
import { compareStates, foldStates } from './verify-states.js';

const second = actor('finance', 'ministry-of-finance', 'second');
const third = actor('finance', 'ministry-of-finance', 'third');
const approvals: ApprovalRule[] = [{ command: 'FundInitiative', above: 50n, role: 'finance' }];
const begin = (rules = approvals) => [establish({ approvals: rules }), grant(1_000n), propose()];
const approve = (requestId: string, by = second) => command('ApproveRequest', by, { requestId });

const codeOf = (outcome: Outcome | undefined) => (outcome?.kind === 'refused' ? outcome.code : outcome?.receipt.events);

async function submitted(ledger: TestLedger, ...commands: Command[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const one of commands) outcomes.push(await ledger.commands.submit(one));
  return outcomes;
}

describe('a command that waits', () => {
  it('gets the same answer again under its id, and names its request', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin());
    const held = fund(60n);
    const [first, again] = await submitted(ledger, held, held);
    expect(first).toMatchObject({ kind: 'accepted', receipt: { version: 3, events: ['CommandSubmitted'], requestId: 'R-3' } });
    expect(again).toEqual({ ...first, replayed: true });
    const restarted = await openTestLedger({ log: ledger.log, states: ledger.states, clock: ledger.clock });
    expect(await restarted.commands.submit(held)).toEqual(again);
  });

  it('is recorded for its sender once somebody approves it, in one append', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin(), fund(60n));
    const before = (await ledger.records()).length;
    const approval = approve('R-3');
    const [outcome] = await submitted(ledger, approval);
    expect(outcome).toMatchObject({
      receipt: { commandId: approval.commandId, initiative: 'i', version: 2, events: ['RequestApproved', 'InitiativeFunded'] },
    });
    const added = (await ledger.records()).slice(before) as EventRecord[];
    expect(added.map(({ type, commandId, actor: by, approvedBy }) => [type, commandId, by.id, approvedBy?.id])).toEqual([
      ['RequestApproved', approval.commandId, 'second', undefined],
      ['InitiativeFunded', approval.commandId, finance.id, 'second'],
    ]);
    const last = (await ledger.entries()).slice(-2).map(({ command: ref }) => [ref?.organisation, ref?.id, ref?.index, ref?.count]);
    expect(last).toEqual([0, 1].map((index) => ['ministry-of-finance', approval.commandId, index, 2]));
  });

  it('sent under another id while it waits gets its request again: at once, in a batch, dry, and after a restart', async () => {
    const states = new MemoryStateStore();
    const ledger = await openTestLedger({ states, saveAfter: 1 });
    await submitted(ledger, ...begin());
    const [first, ...others] = await Promise.all([60n, 60n, 61n, 60n].map((amount) => ledger.commands.submit(fund(amount))));
    expect(first).toMatchObject({ kind: 'accepted', receipt: { requestId: 'R-3' } });
    const again = { ...first, nothingNew: true };
    expect(others).toEqual([again, expect.objectContaining({ code: 'funding-exists' }), again]);
    await ledger.commands.close();
    const restarted = await openTestLedger({ log: ledger.log, states, clock: ledger.clock, cached: 1 });
    expect(await restarted.commands.submitAll([fund(60n)], { dryRun: true })).toMatchObject([{ receipt: { requestId: 'R-3' } }]);
    expect(await submitted(restarted, fund(60n))).toEqual([again]);
    expect((await submitted(restarted, fund(61n))).map(codeOf)).toEqual(['funding-exists']);
    const before = (await restarted.records()).length;
    expect(codeOf((await submitted(restarted, approve('R-3'), fund(60n)))[1])).toEqual(['RequestApproved', 'InitiativeFunded']);
    expect((await restarted.records()).length).toBe(before + 2);
    expect(restarted.alarms).toEqual([]);
  });

  it('keeps the ids of its movements for ever once it is recorded', async () => {
    const ledger = await openTestLedger();
    const outcomes = await submitted(ledger, ...begin(), fund(60n), approve('R-3'), fund(60n), fund(61n));
    expect(outcomes.slice(-2)).toMatchObject([
      { kind: 'accepted', nothingNew: true, receipt: { events: ['RequestApproved', 'InitiativeFunded'] } },
      { kind: 'refused', code: 'funding-exists' },
    ]);
  });

  it('is approved once by two who approve at the same time', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin(), fund(60n));
    const outcomes = await Promise.all([approve('R-3'), approve('R-3', third)].map((one) => ledger.commands.submit(one)));
    expect(outcomes.map(codeOf)).toEqual([['RequestApproved', 'InitiativeFunded'], 'request-ended']);
  });

  it('is approved in the batch that submits it, and ahead of the disk', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin());
    const outcomes = await Promise.all([fund(60n), approve('R-3'), spend(60n, 'T-1')].map((one) => ledger.commands.submit(one)));
    expect(outcomes.map(codeOf)).toEqual([['CommandSubmitted'], ['RequestApproved', 'InitiativeFunded'], ['SpendingRecorded']]);
  });

  it('is approved after a restart, from states that nothing has read before', async () => {
    const states = new MemoryStateStore();
    const ledger = await openTestLedger({ states, saveAfter: 1 });
    await submitted(ledger, ...begin(), fund(60n, 'F-1', 'i'));
    await ledger.commands.close();
    const restarted = await openTestLedger({ log: ledger.log, states, clock: ledger.clock, cached: 1 });
    expect(codeOf(await restarted.commands.submit(approve('R-3')))).toEqual(['RequestApproved', 'InitiativeFunded']);
    expect(restarted.alarms).toEqual([]);
  });

  it('stays open where a rule refuses its approval, which is recorded with that rule', async () => {
    const ledger = await openTestLedger();
    const suspend = command('SuspendInitiative', finance, { reason: 'why' });
    const resume = command('ResumeInitiative', finance, { reason: 'why' });
    const outcomes = await submitted(ledger, ...begin(), fund(60n), suspend, approve('R-3'), resume, approve('R-3'));
    expect(outcomes.slice(-3).map(codeOf)).toEqual([
      'initiative-suspended',
      ['InitiativeResumed'],
      ['RequestApproved', 'InitiativeFunded'],
    ]);
    expect((await ledger.records()).filter(({ type }) => type === 'CommandRefused')).toMatchObject([
      { data: { code: 'initiative-suspended', command: { type: 'ApproveRequest', data: { requestId: 'R-3' } } }, actor: second },
    ]);
  });

  it('expires by the ledger’s own day', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin(), fund(60n));
    ledger.clock.now += 31 * 86_400_000;
    const outcomes = await submitted(ledger, approve('R-3'), command('ReturnRequest', second, { requestId: 'R-3', reason: 'why' }));
    expect(outcomes.map(codeOf)).toEqual(['request-expired', 'request-expired']);
  });
});

describe('requests all or none, and dry', () => {
  it('are submitted and approved in one atomic batch, or not at all', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin());
    const stopped = await ledger.commands.submitAtomically([fund(60n), approve('R-3'), approve('R-3', third)]);
    expect(stopped).toMatchObject({ stoppedBy: 2, outcome: { code: 'request-ended' } });
    const done = await ledger.commands.submitAtomically([fund(60n), approve('R-3')]);
    expect('outcomes' in done && done.outcomes.map(codeOf)).toEqual([['CommandSubmitted'], ['RequestApproved', 'InitiativeFunded']]);
  });

  it('tell what would happen and change nothing', async () => {
    const ledger = await openTestLedger();
    await submitted(ledger, ...begin(), fund(60n, 'F-0'));
    const before = (await ledger.records()).length;
    const dry = await ledger.commands.submitAll([approve('R-3'), fund(70n), approve('R-5'), approve('R-3')], { dryRun: true });
    expect(dry.map(codeOf)).toEqual([
      ['RequestApproved', 'InitiativeFunded'],
      ['CommandSubmitted'],
      ['RequestApproved', 'InitiativeFunded'],
      'request-ended',
    ]);
    expect(dry[1]).toMatchObject({ dryRun: true, receipt: { requestId: 'R-5' } });
    expect((await ledger.records()).length).toBe(before);
  });
});

describe('the states of requests', () => {
  it('are those that the log folds to, open and ended, with amounts of the held command', async () => {
    const states = new MemoryStateStore();
    const ledger = await openTestLedger({ states });
    const rules: ApprovalRule[] = [
      ...approvals,
      { command: 'RecordSpending', role: 'ministry' },
      { command: 'CancelInitiative', role: 'finance' },
    ];
    await submitted(
      ledger,
      ...begin(rules),
      fund(60n),
      approve('R-3'),
      spend(7n, 'T-1'),
      command('WithdrawRequest', justice, { requestId: 'R-5' }),
      fund(500n, 'F-2'),
      command('CancelInitiative', finance, { reason: 'why', legalBasis: 'law' }),
      approve('R-8'),
    );
    await ledger.commands.close();
    const saved = states.open(0);
    if (!saved) throw new Error('nothing was saved');
    const fresh = new MemoryStateStore();
    await foldStates(ledger.log, 0, saved.offset, fresh, ledger.clock.now);
    const keys = ['p/p', 'i/p/i', 'r/p/R-3', 'r/p/R-5', 'r/p/R-7', 'r/p/R-8', 'm/p/i/funding/F-1', 'm/p/i/funding/F-2'];
    const compared = { read: (some: readonly string[]) => states.read(some), keys: () => [keys] };
    expect(compareStates({ ...compared, ...saved }, { heads: saved.heads, read: (some) => fresh.read(some), keys: () => [keys] })).toEqual({
      states: keys.length,
    });
    const restarted = await Processor.open({ log: ledger.log, partition: 0, states, now: () => ledger.clock.now, alarm: () => undefined });
    expect(restarted.durableHeads).toEqual(saved.heads);
    expect(JSON.parse(states.read(['r/p/R-7'])[0] ?? '')).toMatchObject({
      id: 'R-7',
      command: { type: 'FundInitiative', data: { amount: '500' } },
    });
    expect(JSON.parse(states.read(['r/p/R-8'])[0] ?? '')).toEqual(
      expect.objectContaining({ id: 'R-8', ended: { as: 'approved', on: '2024-06-01' } }),
    );
  });
});
