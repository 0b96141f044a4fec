import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { LogDiverged, LogUnavailable, OutcomeUnknown, type EventLog, type LogWriter, type NewEntry } from '../event-log/ports.js';
import { hashOf, noHash } from '../event-log/record.js';
import { CommandsUnavailable, CommandTooLarge } from './outcome.js';
import {
  actor,
  admin,
  command,
  establish,
  finance,
  fund,
  fundedInitiative,
  grant,
  health,
  justice,
  openTestLedger,
  propose,
  spend,
} from './testing/ledger.js';

describe('a command', () => {
  it('is answered with the receipt of the record that is in the log', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    const outcome = await ledger.commands.submit(spend(60n, 'T-1', { commandId: 'spend-1' }));

    const [last] = (await ledger.entries()).slice(-1);
    expect(outcome).toEqual({
      kind: 'accepted',
      receipt: {
        commandId: 'spend-1',
        programme: 'p',
        initiative: 'i',
        version: 3,
        position: 5,
        hash: hashOf(last!.bytes),
        events: ['SpendingRecorded'],
      },
    });
    expect(last).toMatchObject({
      kind: 'record',
      programme: 'p',
      position: 5,
      command: { id: 'spend-1', organisation: 'ministry-of-justice', index: 0, count: 1 },
    });
  });

  it('is chained to the record before it', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    const entries = await ledger.entries();
    const hashes = entries.map(({ bytes }) => hashOf(bytes));
    expect((await ledger.records()).map(({ position, previousHash }) => ({ position, previousHash }))).toEqual([
      { position: 1, previousHash: noHash },
      { position: 2, previousHash: hashes[0] },
      { position: 3, previousHash: hashes[1] },
      { position: 4, previousHash: hashes[2] },
    ]);
  });

  it('that a rule refuses is recorded with the whole command, and changes nothing', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    const outcome = await ledger.commands.submit(spend(101n, 'T-1', { commandId: 'too-much' }));
    const after = await ledger.commands.submit(spend(100n, 'T-2'));

    expect(outcome).toMatchObject({
      kind: 'refused',
      code: 'funding-exceeded',
      figures: { available: '100', requested: '101' },
      position: 5,
    });
    expect((await ledger.records())[4]).toMatchObject({
      type: 'CommandRefused',
      initiative: 'i',
      commandId: 'too-much',
      data: { code: 'funding-exceeded', command: { type: 'RecordSpending', data: { transactionId: 'T-1', amount: '101' } } },
      actor: justice,
    });
    expect(after).toMatchObject({ kind: 'accepted', receipt: { version: 3, position: 6 } });
  });

  it('to a programme never established gets an answer and founds no history', async () => {
    const ledger = await openTestLedger();

    expect(await ledger.commands.submit(propose())).toMatchObject({ kind: 'refused', code: 'unknown-programme' });
    expect(await ledger.commands.submit({ ...establish(), actor: finance })).toMatchObject({ kind: 'refused', code: 'forbidden' });
    expect(await ledger.entries()).toEqual([]);
  });

  it('to another ministry’s initiative is a recorded refusal', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    expect(await ledger.commands.submit({ ...spend(1n, 'T-1'), actor: health })).toMatchObject({
      kind: 'refused',
      code: 'forbidden',
      position: 5,
    });
  });

  it('that carries the version the sender saw is refused when it has moved on', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    expect(await ledger.commands.submit(spend(1n, 'T-1', { expectedVersion: 1 }))).toMatchObject({
      kind: 'refused',
      code: 'version-mismatch',
    });
    expect(await ledger.commands.submit(spend(1n, 'T-1', { expectedVersion: 2 }))).toMatchObject({ kind: 'accepted' });
  });

  it('larger than 64 KiB is not taken', async () => {
    const ledger = await openTestLedger();
    await expect(
      ledger.commands.submit(command('RecordSpending', justice, { transactionId: 'T', amount: 1n, description: 'x'.repeat(65_536) })),
    ).rejects.toThrow(CommandTooLarge);
  });

  it('whose deciding fails unexpectedly is a refusal and an alarm, and the next one goes on', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const poison = { ...spend(1n, 'T-1'), data: { transactionId: 'T-1', amount: '1' as unknown as bigint } };

    const [poisoned, next] = await ledger.commands.submitAll([poison as never, spend(1n, 'T-2')]);

    expect(poisoned).toMatchObject({ kind: 'refused', code: 'undecidable', position: 5 });
    expect(ledger.alarms).toEqual(['a command could not be decided']);
    expect(next).toMatchObject({ kind: 'accepted' });
  });
});

describe('the same command id', () => {
  it('again gives the first outcome and no record, refusals included', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const accepted = spend(60n, 'T-1', { commandId: 'a' });
    const refused = spend(60n, 'T-2', { commandId: 'b' });

    const first = await ledger.commands.submitAll([accepted, refused]);
    const second = await ledger.commands.submitAll([accepted, refused]);

    expect(first.map(({ kind }) => kind)).toEqual(['accepted', 'refused']);
    expect(second).toEqual(first.map((outcome) => ({ ...outcome, replayed: true })));
    expect(await ledger.records()).toHaveLength(6);
  });

  it('with another content is answered command-id-reused, which never replaces the first outcome', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const first = spend(60n, 'T-1', { commandId: 'a' });
    const outcome = await ledger.commands.submit(first);

    expect(await ledger.commands.submit(spend(61n, 'T-1', { commandId: 'a' }))).toMatchObject({
      kind: 'refused',
      code: 'command-id-reused',
    });
    expect(await ledger.commands.submit(first)).toEqual({ ...outcome, replayed: true });
  });

  it('of another organisation is another command', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll([establish(), grant(10n)]);
    expect(await ledger.commands.submit({ ...propose(), commandId: 'same' })).toMatchObject({ kind: 'accepted' });
    expect(await ledger.commands.submit({ ...fund(10n), commandId: 'same' })).toMatchObject({ kind: 'accepted' });
  });

  it('is forgotten after 48 hours, and the transaction id still gives the first receipt', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const command = spend(60n, 'T-1', { commandId: 'a' });
    const first = await ledger.commands.submit(command);
    ledger.clock.now += 48 * 3_600_000 + 1;

    expect(await ledger.commands.submit(command)).toEqual({ ...first, nothingNew: true });
    expect(await ledger.records()).toHaveLength(5);
  });
});

describe('what moves money', () => {
  it('again under another command id gets the first receipt and no record', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const first = await ledger.commands.submit(spend(60n, 'T-1'));

    expect(await ledger.commands.submit(spend(60n, 'T-1'))).toEqual({ ...first, nothingNew: true });
    expect(await ledger.commands.submit(spend(61n, 'T-1'))).toMatchObject({ kind: 'refused', code: 'transaction-exists' });
  });

  it('is spent by exactly as many of 50 senders at once as there is money for', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));

    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => ledger.commands.submit(spend(9n, `T-${index}`))));

    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(11);
    expect(outcomes.filter((outcome) => outcome.kind === 'refused' && outcome.code === 'funding-exceeded')).toHaveLength(39);
  });
});

describe('a dry run', () => {
  it('says what would happen, cumulatively, records nothing and uses up no id', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    const commands = [spend(60n, 'T-1'), spend(60n, 'T-2')];

    const outcomes = await ledger.commands.submitAll(commands, { dryRun: true });

    expect(outcomes).toEqual([
      {
        kind: 'accepted',
        receipt: { commandId: commands[0]!.commandId, programme: 'p', initiative: 'i', version: 3, events: ['SpendingRecorded'] },
        dryRun: true,
      },
      expect.objectContaining({ kind: 'refused', code: 'funding-exceeded', figures: { available: '40', requested: '60' }, dryRun: true }),
    ]);
    expect(await ledger.records()).toHaveLength(4);
    expect(await ledger.commands.submit(commands[1]!)).toMatchObject({ kind: 'accepted' });
  });
});

describe('time', () => {
  it('never runs backwards within a programme, whatever the clock does', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submit(establish());
    ledger.clock.now -= 5 * 60_000;
    await ledger.commands.submit(grant(1n));

    expect((await ledger.records()).map(({ recordedAt }) => recordedAt)).toEqual(['2024-06-01T06:00:00.000Z', '2024-06-01T06:00:00.000Z']);
  });

  it('is the programme’s: the evening of 31 December in UTC is next year in Bishkek', async () => {
    const ledger = await openTestLedger();
    ledger.clock.now = Date.parse('2024-12-31T18:30:00.000Z');
    await ledger.commands.submitAll([establish(), propose()]);

    expect((await ledger.records()).map(({ occurredOn }) => occurredOn)).toEqual(['2025-01-01', '2025-01-01']);
  });
});

describe('a restart', () => {
  it.each([
    { from: 'the log alone', kept: false },
    { from: 'the state store and what came after it', kept: true },
  ])('from $from knows everything decided before', async ({ kept }) => {
    const before = await openTestLedger();
    await before.commands.submitAll(fundedInitiative(100n));
    const command = spend(60n, 'T-1', { commandId: 'a' });
    const first = await before.commands.submit(command);
    if (kept) await before.commands.close();
    const late = await openTestLedger({ log: before.log, states: before.states });
    await late.commands.submit(spend(1n, 'T-2'));

    const after = await openTestLedger(kept ? { log: before.log, states: before.states } : { log: before.log });

    expect(await after.commands.submit(command)).toEqual({ ...first, replayed: true });
    expect(await after.commands.submit(spend(40n, 'T-3'))).toMatchObject({
      kind: 'refused',
      figures: { available: '39', requested: '40' },
    });
    expect(await after.commands.submit(spend(60n, 'T-1'))).toEqual({ ...first, nothingNew: true });
    expect(await after.commands.outcome('p', 'ministry-of-justice', 'a')).toEqual(first);
  });

  it('does not decide on a log that lacks, or has otherwise, what the state store was folded from, and leaves the store as it is', async () => {
    const other = await openTestLedger();
    await other.commands.submitAll([...fundedInitiative(5n)]);
    await other.commands.close();
    const saved = other.states.open(0);
    const head = saved?.heads.get('p')?.hash ?? '';

    const changed = await openTestLedger();
    await changed.commands.submitAll([establish(), grant(7n), propose(), propose('j')]);
    const hash = hashOf((await changed.entries())[3]!.bytes);
    await expect(openTestLedger({ log: changed.log, states: other.states })).rejects.toThrow(
      new LogDiverged(3, `the state store: folded to position 4 of p (hash ${head}); the log has hash ${hash} there`),
    );
    const shorter = await openTestLedger();
    await shorter.commands.submitAll([establish(), grant(5n)]);
    const last = hashOf((await shorter.entries())[1]!.bytes);
    await expect(openTestLedger({ log: shorter.log, states: other.states })).rejects.toThrow(
      `the log ends at position 2 of it (hash ${last})`,
    );
    await expect(openTestLedger({ states: other.states })).rejects.toThrow('the log holds no record of p');
    expect(other.states.open(0)).toEqual(saved);
  });

  it('knows what a batch needs, however little is cached', async () => {
    const ledger = await openTestLedger({ saveAfter: 1, cached: 1 });
    await ledger.commands.submitAll([
      establish(),
      grant(1_000n),
      ...['a', 'b', 'c', 'd'].flatMap((code) => [propose(code), fund(10n, 'F', code)]),
    ]);
    await ledger.commands.close();
    const after = await openTestLedger({ log: ledger.log, states: ledger.states, saveAfter: 1, cached: 1 });
    const outcomes = await after.commands.submitAll(['a', 'b', 'c', 'd'].map((initiative) => spend(10n, 'T-1', { initiative })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const again = await after.commands.submitAll(['a', 'b', 'c', 'd'].map((initiative) => spend(11n, 'T-1', { initiative })));
    expect(again.map((outcome) => outcome.kind === 'refused' && outcome.code)).toEqual(
      Array.from({ length: 4 }, () => 'transaction-exists'),
    );
  });

  it('keeps within a small cache and saves as it goes', async () => {
    const ledger = await openTestLedger({ saveAfter: 10, cached: 60 });
    await ledger.commands.submitAll(fundedInitiative(1_000n));
    for (let turn = 0; turn < 30; turn++) await ledger.commands.submitAll([spend(1n, `A-${turn}`), spend(1n, `B-${turn}`)]);
    await ledger.commands.close();

    const after = await openTestLedger({ log: ledger.log, states: ledger.states, saveAfter: 10, cached: 60 });

    expect(await after.commands.submit(spend(941n, 'C'))).toMatchObject({ kind: 'refused', figures: { available: '940' } });
    expect(await after.commands.submit(spend(1n, 'A-0'))).toMatchObject({ kind: 'accepted', nothingNew: true });
  });
});

describe('the log', () => {
  /** A log whose next append behaves as a test sets. */
  class FaultyLog implements EventLog {
    next: ((append: () => Promise<number[]>) => Promise<number[]>) | undefined;
    readonly partitions = 1;
    constructor(private readonly log: EventLog) {}
    read = (...args: Parameters<EventLog['read']>) => this.log.read(...args);
    follow = (...args: Parameters<EventLog['follow']>) => this.log.follow(...args);
    end = (partition: number) => this.log.end(partition);
    close = () => this.log.close();
    async acquire(partition: number): Promise<LogWriter> {
      const writer = await this.log.acquire(partition);
      return {
        append: (entries: readonly NewEntry[]) => {
          const fault = this.next;
          this.next = undefined;
          return fault ? fault(() => writer.append(entries)) : writer.append(entries);
        },
      };
    }
  }

  it('that takes nothing leaves everything as it was, and the same id may ask again', async () => {
    const log = new FaultyLog(new MemoryEventLog());
    const ledger = await openTestLedger({ log });
    await ledger.commands.submitAll(fundedInitiative(100n));
    log.next = () => Promise.reject(new LogUnavailable('the disk is full'));
    const command = spend(60n, 'T-1');

    await expect(ledger.commands.submit(command)).rejects.toThrow(CommandsUnavailable);
    expect(await ledger.commands.submit(command)).toMatchObject({ kind: 'accepted', receipt: { position: 5 } });
  });

  it.each([{ written: true }, { written: false }])(
    'whose answer is lost (written: $written) tells the same id what came of it',
    async ({ written }) => {
      const log = new FaultyLog(new MemoryEventLog());
      const ledger = await openTestLedger({ log });
      await ledger.commands.submitAll(fundedInitiative(100n));
      log.next = async (append) => {
        if (written) await append();
        throw new OutcomeUnknown('no answer came');
      };
      const command = spend(60n, 'T-1');

      await expect(ledger.commands.submit(command)).rejects.toThrow(CommandsUnavailable);
      const outcome = await ledger.commands.submit(command);

      expect(outcome).toMatchObject({ kind: 'accepted', receipt: { position: 5 } });
      expect(outcome.replayed).toBe(written ? true : undefined);
      expect(await ledger.records()).toHaveLength(5);
    },
  );

  it('taken over by somebody else ends this processor, which answers nothing more', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(100n));
    await openTestLedger({ log: ledger.log });

    await expect(ledger.commands.submit(spend(1n, 'T-1'))).rejects.toThrow(CommandsUnavailable);
    await expect(ledger.commands.submit(spend(1n, 'T-2'))).rejects.toThrow(CommandsUnavailable);
    expect(ledger.lost).toHaveLength(1);
    expect(await ledger.records()).toHaveLength(4);
  });

  it('grows in appends of at most 1,000 commands, in the order sent', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(10_000n));
    const many = Array.from({ length: 2_500 }, (_, index) => spend(1n, `T-${index}`));

    const outcomes = await ledger.commands.submitAll(many);

    expect(outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.receipt.position)).toEqual(many.map((_, index) => index + 5));
  });
});

it('an admin acting for others is recorded with whom for', async () => {
  const ledger = await openTestLedger();
  await ledger.commands.submitAll([establish(), grant(10n)]);
  const onBehalf = { ...actor('admin', admin.organisation), onBehalfOf: { organisation: justice.organisation, role: 'ministry' as const } };

  expect(await ledger.commands.submit({ ...propose(), actor: onBehalf })).toMatchObject({ kind: 'accepted' });
  expect((await ledger.records()).at(-1)).toMatchObject({ actor: onBehalf });
});

describe('while an append is being made durable', () => {
  /** A log whose appends wait until a test lets them go. */
  class HeldLog extends MemoryEventLog {
    readonly held: { go: () => void; fail: (error: Error) => void; entries: number }[] = [];
    holding = false;
    override async acquire(partition: number): Promise<LogWriter> {
      const writer = await super.acquire(partition);
      return {
        append: async (entries: readonly NewEntry[]) => {
          if (this.holding)
            await new Promise<void>((go, fail) => {
              this.held.push({ go, fail, entries: entries.length });
            });
          return writer.append(entries);
        },
      };
    }
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await turn();
  }
  async function heldLedger() {
    const log = new HeldLog();
    const ledger = await openTestLedger({ log });
    await ledger.commands.submitAll(fundedInitiative(100n));
    log.holding = true;
    const answered: string[] = [];
    const send = (amount: bigint, id: string) =>
      ledger.commands.submit(spend(amount, id)).then(
        (outcome) => {
          answered.push(id);
          return outcome;
        },
        (error: unknown) => {
          answered.push(id);
          return error;
        },
      );
    const first = send(60n, 'T-1');
    await until(() => log.held.length === 1);
    return { log, ledger, answered, send, first };
  }

  it('the next batch is decided on what it makes, and answered after it', async () => {
    const { log, ledger, answered, send, first } = await heldLedger();
    const [second, repeat] = [send(60n, 'T-2'), ledger.commands.submit(spend(60n, 'T-1'))];
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(log.held).toHaveLength(1);
    expect(answered).toEqual([]);
    log.held[0]!.go();
    await until(() => log.held.length === 2);
    await first;
    expect(answered).toEqual(['T-1']);
    log.held[1]!.go();
    expect(await second).toMatchObject({ kind: 'refused', code: 'funding-exceeded', figures: { available: '40', requested: '60' } });
    expect(await repeat).toMatchObject({ kind: 'accepted', nothingNew: true });
    expect((await ledger.records()).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('what was decided on an append that failed is not recorded either, and may be sent again', async () => {
    const { log, ledger, send, first } = await heldLedger();
    const second = send(60n, 'T-2');
    for (let turns = 0; turns < 20; turns++) await turn();
    log.holding = false;
    log.held[0]!.fail(new LogUnavailable('the disk is full'));
    expect(await first).toBeInstanceOf(CommandsUnavailable);
    expect(await second).toBeInstanceOf(CommandsUnavailable);
    expect(await ledger.records()).toHaveLength(4);
    expect(await send(60n, 'T-2')).toMatchObject({ kind: 'accepted' });
    expect(await send(60n, 'T-1')).toMatchObject({ kind: 'refused', figures: { available: '40' } });
  });

  it('a repeat is not answered before what it repeats is durable', async () => {
    const { log, ledger, answered, first } = await heldLedger();
    const repeat = ledger.commands.submit(spend(60n, 'T-1')).then((outcome) => {
      answered.push('repeat');
      return outcome;
    });
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(answered).toEqual([]);
    log.held[0]!.go();
    expect(await repeat).toMatchObject({ kind: 'accepted', nothingNew: true });
    await first;
    expect(answered).toEqual(['T-1', 'repeat']);
    await ledger.commands.close();
  });
});
