/** One command that decides on two initiatives, through the processor, its state store and the log. */
import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { hashOf, type EventRecord, type LedgerRecord } from '../event-log/record.js';
import { applyCommand, keysIn, keysOf, type Hashed } from './apply-command.js';
import { outcomesOf } from './outcome-of-entries.js';
import { Overlay, StateCache } from './state-cache.js';
import { commandKey } from './states.js';
import {
  actor,
  command,
  establish,
  finance,
  fund,
  fundedInitiative,
  grant,
  openTestLedger,
  propose,
  spend,
  type TestLedger,
} from './testing/ledger.js';

const transfer = (
  amount: bigint,
  more: { commandId?: string; expectedVersion?: number; to?: string; id?: string; initiative?: string } = {},
) => {
  const { to = 'j', id = 'X-1', ...envelope } = more;
  return command('TransferFunding', finance, { transferId: id, to, fiscalYear: 2024, amount, legalBasis: 'decree' }, envelope);
};
async function ledgerOfTwo(): Promise<TestLedger> {
  const ledger = await openTestLedger();
  await ledger.commands.submitAll([...fundedInitiative(100n), propose('j')]);
  return ledger;
}
const spendThere = (amount: bigint, id: string) => spend(amount, id, { initiative: 'j' });
const halves = async ({ records }: TestLedger) =>
  (await records())
    .filter(({ type }) => type === 'FundingTransferred')
    .map(({ position, initiative, version, data }) => ({ position, initiative, version, data }));
const given = { transferId: 'X-1', to: 'j', fiscalYear: 2024, amount: 40n, legalBasis: 'decree' };
const taken = { transferId: 'X-1', from: 'i', fiscalYear: 2024, amount: 40n, legalBasis: 'decree' };

describe('a transfer', () => {
  it('is two records in one append; the receipt has the giver’s version and the last record’s position and hash', async () => {
    const ledger = await ledgerOfTwo();
    const outcome = await ledger.commands.submit(transfer(40n, { commandId: 'x', expectedVersion: 2 }));
    const entries = await ledger.entries();
    const last = entries.at(-1)!;
    expect(outcome).toEqual({
      kind: 'accepted',
      receipt: {
        commandId: 'x',
        programme: 'p',
        initiative: 'i',
        version: 3,
        position: 7,
        hash: hashOf(last.bytes),
        events: ['FundingTransferred', 'FundingTransferred'],
      },
    });
    expect(await halves(ledger)).toEqual([
      { position: 6, initiative: 'i', version: 3, data: given },
      { position: 7, initiative: 'j', version: 2, data: taken },
    ]);
    expect(outcomesOf(entries.slice(-2))).toEqual([outcome]);
  });

  it('moves what either may spend, in the same batch too', async () => {
    const ledger = await ledgerOfTwo();
    const outcomes = await ledger.commands.submitAll([
      spendThere(1n, 'T-1'),
      transfer(40n),
      spendThere(40n, 'T-2'),
      spend(61n, 'T-3'),
      spend(60n, 'T-4'),
    ]);
    expect(outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.receipt.version : outcome.code))).toEqual([
      'funding-exceeded',
      3,
      3,
      'funding-exceeded',
      4,
    ]);
  });

  it('sent again gets its first receipt, under the same command id and under another', async () => {
    const ledger = await ledgerOfTwo();
    const first = await ledger.commands.submit(transfer(40n, { commandId: 'x' }));
    expect(await ledger.commands.submit(transfer(40n, { commandId: 'x' }))).toEqual({ ...first, replayed: true });
    expect(await ledger.commands.submit(transfer(40n, { commandId: 'y' }))).toEqual({ ...first, nothingNew: true });
    expect(await halves(ledger)).toHaveLength(2);
  });

  it('is refused as a whole, and leaves both initiatives as they were', async () => {
    const ledger = await ledgerOfTwo();
    expect(await ledger.commands.submit(transfer(101n))).toMatchObject({
      kind: 'refused',
      code: 'transfer-exceeds-unspent',
      figures: { available: '100', requested: '101' },
      position: 6,
    });
    expect(await ledger.commands.submit(transfer(1n, { to: 'k' }))).toMatchObject({ kind: 'refused', code: 'unknown-taker' });
    expect(await halves(ledger)).toEqual([]);
    expect(await ledger.commands.submit(spend(100n, 'T-1'))).toMatchObject({ kind: 'accepted', receipt: { version: 3 } });
  });

  it('is tried without being recorded, on top of what was tried before it', async () => {
    const ledger = await ledgerOfTwo();
    const tried = await ledger.commands.submitAll([transfer(40n), spendThere(41n, 'T-1'), spendThere(40n, 'T-2')], { dryRun: true });
    expect(tried).toMatchObject([
      { kind: 'accepted', receipt: { initiative: 'i', version: 3 }, dryRun: true },
      { kind: 'refused', code: 'funding-exceeded', dryRun: true },
      { kind: 'accepted', receipt: { initiative: 'j', version: 3 }, dryRun: true },
    ]);
    expect(await halves(ledger)).toEqual([]);
  });

  it('is one of several that are recorded all or none: proposed, given, passed on and spent', async () => {
    const ledger = await ledgerOfTwo();
    const batch = (spent: bigint) => [
      propose('k'),
      transfer(40n),
      transfer(30n, { initiative: 'j', to: 'k', id: 'X-1' }),
      spend(spent, 'T-1', { initiative: 'k' }),
    ];
    expect(await ledger.commands.submitAtomically(batch(31n))).toMatchObject({ stoppedBy: 3, outcome: { code: 'funding-exceeded' } });
    expect(await halves(ledger)).toEqual([]);
    expect(await ledger.commands.submitAtomically(batch(30n))).toMatchObject({
      outcomes: [
        { receipt: { initiative: 'k', version: 1 } },
        { receipt: { initiative: 'i', version: 3 } },
        { receipt: { initiative: 'j', version: 3 } },
        { receipt: { initiative: 'k', version: 3 } },
      ],
    });
  });

  it.each([true, false])('moves in both once a second person approves it; known from states: %s', async (fromStates) => {
    const before = await openTestLedger();
    const approvals = [{ command: 'TransferFunding', role: 'finance' }] as const;
    const held = transfer(40n);
    await before.commands.submitAll([establish({ approvals }), grant(100n), propose('i'), propose('j'), fund(100n), held]);
    expect(await halves(before)).toEqual([]);
    const requests = (await before.records()).flatMap(({ type, data }) => (type === 'CommandSubmitted' ? [data] : []));
    const requestId = requests.map((data) => data.requestId).join();
    await before.commands.close();
    // The taker is read for the approval, though only the held command names it.
    const states = fromStates ? before.states : new MemoryStateStore();
    const ledger = await openTestLedger({ log: before.log, states, cached: 1 });
    const second = actor('finance', 'ministry-of-finance', 'second');
    expect(await ledger.commands.submit(command('ApproveRequest', second, { requestId }))).toMatchObject({
      kind: 'accepted',
      receipt: { initiative: 'i', version: 3, events: ['RequestApproved', 'FundingTransferred', 'FundingTransferred'] },
    });
    expect((await halves(ledger)).map(({ initiative, version }) => [initiative, version])).toEqual([
      ['i', 3],
      ['j', 2],
    ]);
    expect(await ledger.commands.submit(spendThere(40n, 'T-1'))).toMatchObject({ kind: 'accepted', receipt: { version: 3 } });
    expect(ledger.alarms).toEqual([]);
  });

  it.each(['the log alone', 'the state store'])('is known after a restart from %s', async (from) => {
    const before = await ledgerOfTwo();
    const first = await before.commands.submit(transfer(40n, { commandId: 'x' }));
    await before.commands.close();
    const states = from === 'the log alone' ? new MemoryStateStore() : before.states;
    // A cache of one state has to read the other initiative for itself.
    const ledger = await openTestLedger({ log: before.log, states, cached: 1 });
    expect(await ledger.commands.submit(transfer(40n, { commandId: 'x' }))).toEqual({ ...first, replayed: true });
    expect(await ledger.commands.submit(transfer(40n, { commandId: 'y' }))).toEqual({ ...first, nothingNew: true });
    expect(await ledger.commands.submit(transfer(41n))).toMatchObject({ code: 'transfer-exists' });
    expect(await ledger.commands.submit(transfer(61n, { id: 'X-2' }))).toMatchObject({ figures: { available: '60' } });
    expect(await ledger.commands.submit(spendThere(40n, 'T-1'))).toMatchObject({ receipt: { version: 3 } });
    expect(ledger.alarms).toEqual([]);
  });

  it.each([
    ['the giver', 101n, 101n, 'i has -1 of 2024 available, below zero'],
    ['the taker', 1n, -1n, 'j has -1 of 2024 available, below zero'],
  ])('is not recorded where it breaks an invariant of %s, however it was decided', async (_who, given, taken, inWords) => {
    const ledger = await ledgerOfTwo();
    await ledger.commands.submit(transfer(1n));
    await ledger.commands.submit(transfer(1n, { initiative: 'j', to: 'i' }));
    await ledger.commands.close();
    const half = (initiative: string, data: object): Hashed => ({
      hash: '',
      record: {
        ...{ programme: 'p', position: 10, initiative, version: 5, type: 'FundingTransferred', schema: 1, actor: finance, commandId: 'x' },
        ...{ occurredOn: '2024-06-01', recordedAt: '2024-06-01T06:00:00.000Z', previousHash: '' },
        context: { authority: 'a', statusBefore: 'funded', statusAfter: 'funded', fiscalYear: 2024 },
        data: { transferId: 'X-9', fiscalYear: 2024, legalBasis: 'decree', ...data },
      } as unknown as LedgerRecord,
    });
    const records = [half('i', { to: 'j', amount: given }), half('j', { from: 'i', amount: taken })] as const;
    const keys = records.map(({ record }) => keysOf(record as EventRecord));
    const states = new StateCache(ledger.states, 10);
    states.load(keys.flatMap(keysIn));
    const overlay = new Overlay(states);
    const apply = () => applyCommand(overlay, { key: commandKey('p', 'o', 'x'), digest: '', records, keys, justDecided: true });
    expect(apply).toThrow(`what was decided breaks an invariant: ${inWords}`);
    expect(overlay.changes.size).toBe(0);
  });
});
