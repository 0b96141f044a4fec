import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { start } from '../event-log/ports.js';
import { encodeRecord, noHash, type LedgerRecord } from '../event-log/record.js';
import { HistoryCheck } from '../projections/verify-history.js';
import { admin, command, establish, grant, openTestLedger, type TestLedger } from './testing/ledger.js';

const terms = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' } as const;
const beginning = '2024-06-01T06:00:00.000Z';

/** A ledger whose programme `p` has a time zone that this process does not know. */
async function ledgerOfNewerProcess(): Promise<TestLedger> {
  const log = new MemoryEventLog();
  const record: LedgerRecord = {
    programme: 'p',
    position: 1,
    version: 1,
    type: 'ProgrammeEstablished',
    schema: 1,
    data: { ...terms, timeZone: 'Asia/Newly' },
    context: {},
    occurredOn: '2024-06-01',
    recordedAt: beginning,
    actor: admin,
    commandId: 'c-established',
    previousHash: noHash,
  };
  const ref = { offset: start, organisation: admin.organisation, id: record.commandId, digest: '', index: 0, count: 1 };
  const writer = await log.acquire(0);
  await writer.append([{ kind: 'record', bytes: encodeRecord(record), programme: 'p', position: 1, command: ref }]);
  return openTestLedger({ log });
}

/** A command to another programme. */
const elsewhere = command('EstablishProgramme', admin, { ...terms, title: { en: 'Q' } }, { programme: 'q' });

describe('a command that deciding fails on, as for want of a time zone,', () => {
  it('is refused and recorded with the day by UTC, raises an alarm, and lets the others go on', async () => {
    const ledger = await ledgerOfNewerProcess();

    const [failed, other] = await ledger.commands.submitAll([grant(100n), elsewhere]);

    expect(failed).toMatchObject({ kind: 'refused', code: 'undecidable', position: 2 });
    expect(other).toMatchObject({ kind: 'accepted' });
    expect(ledger.alarms).toEqual(['a command could not be decided']);
    expect(ledger.lost).toEqual([]);
    const [, refused] = await ledger.records();
    expect(refused).toMatchObject({ type: 'CommandRefused', occurredOn: '2024-06-01', data: { code: 'undecidable' } });
  });

  it('leaves the history sound, and the next refusal follows it', async () => {
    const ledger = await ledgerOfNewerProcess();
    await ledger.commands.submitAll([grant(100n), grant(100n)]);
    const check = new HistoryCheck();
    expect((await ledger.entries()).map((entry) => check.add(entry))).toEqual([undefined, undefined, undefined]);
    expect(check.heads.get('p')?.position).toBe(3);
  });

  it('has the same outcome under the same id', async () => {
    const ledger = await ledgerOfNewerProcess();
    const first = await ledger.commands.submit(grant(100n));
    expect(first).toMatchObject({ position: 2 });
    const again = { ...grant(100n), commandId: first.kind === 'refused' ? first.commandId : '' };
    expect(await ledger.commands.submit(again)).toEqual({ ...first, replayed: true });
  });

  it('founds no history: a programme in such a time zone is not established', async () => {
    const ledger = await openTestLedger();
    const there = { timeZone: 'Asia/Newly' };
    expect(await ledger.commands.submit(establish(there))).toMatchObject({ kind: 'refused', code: 'undecidable' });
    expect(await ledger.commands.submit(establish())).toMatchObject({ kind: 'accepted', receipt: { position: 1 } });
    expect(await ledger.records()).toHaveLength(1);
  });

  it('fails a dry run of its own alone', async () => {
    const ledger = await ledgerOfNewerProcess();
    const [failed, other] = await ledger.commands.submitAll([grant(100n), elsewhere], { dryRun: true });
    expect(failed).toMatchObject({ kind: 'refused', code: 'undecidable', dryRun: true });
    expect(other).toMatchObject({ kind: 'accepted', dryRun: true });
    expect(await ledger.records()).toHaveLength(1);
  });
});
