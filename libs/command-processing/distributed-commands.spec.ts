import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { MemoryInboxes } from '../event-log/memory/memory-inbox.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { partitionOf } from '../event-log/partition-of.js';
import {
  InboxUnavailable,
  LogUnavailable,
  OutcomeUnknown,
  start,
  type Address,
  type Entry,
  type EventLog,
  type Inbox,
  type LogWriter,
  type NewEntry,
  type Offset,
  type Received,
} from '../event-log/ports.js';
import { DistributedCommands } from './distributed-commands.js';
import { PartitionOwner } from './partition-owner.js';
import { actor, admin, command, establish, finance, fundedInitiative, justice, spend } from './testing/ledger.js';

const partitions = 3;
const forProgramme = (programme: string) => fundedInitiative(1_000n).map((one) => ({ ...one, programme }));

/** Services over one log and one inbox in memory, as several processes would be. */
function services() {
  const log = new MemoryEventLog({ partitions });
  const inboxes = new MemoryInboxes(partitions);
  const clock = { now: Date.parse('2024-06-01T06:00:00.000Z') };
  const alarms: string[] = [];
  const instances: { close(): Promise<void> }[] = [];

  async function open(instance: string, { decides = true, inbox = inboxes.as(instance) }: { decides?: boolean; inbox?: Inbox } = {}) {
    const commands = await DistributedCommands.open({
      log,
      inbox,
      answerWithin: 5_000,
      now: () => clock.now,
      onUnreadable: (_partition, error) => alarms.push(String(error)),
    });
    const owners = Array.from(
      { length: partitions },
      (_, partition) =>
        new PartitionOwner({
          log,
          partition,
          states: new MemoryStateStore(),
          now: () => clock.now,
          alarm: (message) => alarms.push(message),
          standsBy: true,
          onStopped: (_partition, error) => alarms.push(String(error)),
        }),
    );
    for (const owner of owners) owner.standBy();
    if (decides) void inbox.own((partition, commandsAfter, signal) => owners[partition]!.serve(commandsAfter, signal));
    const opened = {
      commands,
      owners,
      async close() {
        await inbox.close();
        await commands.close();
        await Promise.all(owners.map((owner) => owner.close()));
      },
    };
    instances.push(opened);
    return opened;
  }
  async function entries(partition: number): Promise<Entry[]> {
    const all: Entry[] = [];
    for await (const batch of log.read(partition, start)) all.push(...batch);
    return all;
  }
  return { log, inboxes, clock, alarms, open, entries, close: () => Promise.all(instances.map((one) => one.close())) };
}

describe('commands decided elsewhere', () => {
  const using = async (use: (all: ReturnType<typeof services>) => Promise<void>) => {
    const all = services();
    try {
      await use(all);
    } finally {
      await all.close();
    }
  };

  it('are answered with what the log says, whoever owns their partition', () =>
    using(async ({ open, entries }) => {
      const [sender] = [await open('sender', { decides: false }), await open('owner')];
      const outcomes = await sender.commands.submitAll(forProgramme('p'));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
      const own = await entries(partitionOf('p', partitions));
      expect(own.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
      const last = outcomes[3]!;
      expect(last.kind === 'accepted' && last.receipt).toMatchObject({ position: 4, version: 2, events: ['InitiativeFunded'] });
    }));

  it('that wait are approved once by two who approve through different services', () =>
    using(async ({ open }) => {
      const [one, other] = [await open('one'), await open('other', { decides: false })];
      const approvals = [{ command: 'FundInitiative', above: 50n, role: 'finance' }] as const;
      const [established, granted, proposed, funded] = fundedInitiative(60n);
      await one.commands.submitAll([established!, command('AmendProgramme', admin, { approvals, reason: 'why' }), granted!, proposed!]);
      expect(await other.commands.submit(funded!)).toMatchObject({ receipt: { events: ['CommandSubmitted'], requestId: 'R-4' } });
      const approve = (id: string) => command('ApproveRequest', actor('finance', 'ministry-of-finance', id), { requestId: 'R-4' });
      const [dry] = await other.commands.submitAll([approve('second')], { dryRun: true });
      expect(dry).toMatchObject({ dryRun: true, receipt: { events: ['RequestApproved', 'InitiativeFunded'] } });
      const outcomes = await Promise.all([one.commands.submit(approve('second')), other.commands.submit(approve('third'))]);
      const told = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.receipt.events.join(' ')));
      expect(told.sort()).toEqual(['RequestApproved InitiativeFunded', 'request-ended']);
    }));

  it('each leave an entry: a repeat, nothing new, an unknown programme and a refusal', () =>
    using(async ({ open, entries }) => {
      const { commands } = await open('one');
      await commands.submitAll(forProgramme('p'));
      const spending = spend(10n, 'T-1');
      expect(await commands.submit(spending)).toMatchObject({ kind: 'accepted', receipt: { position: 5 } });
      expect(await commands.submit(spending)).toMatchObject({ kind: 'accepted', receipt: { position: 5 }, replayed: true });
      expect(await commands.submit(spend(10n, 'T-1'))).toMatchObject({ kind: 'accepted', nothingNew: true });
      expect(await commands.submit(spend(9_999n, 'T-2'))).toMatchObject({ kind: 'refused', code: 'funding-exceeded', position: 6 });
      expect(await commands.submit({ ...spend(1n, 'T-3'), programme: 'nowhere' })).toMatchObject({ code: 'unknown-programme' });
      const kinds = (await entries(partitionOf('p', partitions))).filter(({ programme }) => programme === 'p').map(({ kind }) => kind);
      expect(kinds).toEqual(['record', 'record', 'record', 'record', 'record', 'outcome', 'outcome', 'record']);
    }));

  it('of a dry run are decided one after another, and nothing is recorded', () =>
    using(async ({ open, entries }) => {
      const { commands } = await open('one');
      const outcomes = await commands.submitAll([...forProgramme('p'), spend(1_000n, 'T-1'), spend(1n, 'T-2')], { dryRun: true });
      expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind))).toEqual([
        ...Array.from({ length: 5 }, () => 'accepted'),
        'funding-exceeded',
      ]);
      expect(outcomes.every(({ dryRun }) => dryRun)).toBe(true);
      expect((await entries(partitionOf('p', partitions))).map(({ kind }) => kind)).toEqual(['outcome']);
    }));

  it('that make several records are answered with the last', () =>
    using(async ({ open }) => {
      const { commands } = await open('one');
      await commands.submitAll([...forProgramme('p'), spend(10n, 'T-1')]);
      const cancelled = await commands.submit(command('CancelInitiative', finance, { reason: 'r', legalBasis: 'law' }));
      expect(cancelled).toMatchObject({ kind: 'accepted', receipt: { position: 7, events: ['FundsReturned', 'InitiativeCancelled'] } });
    }));

  it('whose sender went away are decided all the same, and the same id gets the outcome from any instance', () =>
    using(async ({ open, inboxes }) => {
      const spending = spend(10n, 'T-1');
      for (const one of [...forProgramme('p'), spending]) inboxes.add(partitionOf('p', partitions), { command: one });
      await open('one');
      const other = await open('two');
      expect(await other.commands.submit(spending)).toMatchObject({ kind: 'accepted', receipt: { position: 5 }, replayed: true });
    }));

  it('go on without loss or repeat while owners come and go', () =>
    using(async ({ open, entries, alarms }) => {
      const sender = await open('sender', { decides: false });
      const first = await open('one');
      const programmes = ['p', 'q', 'r', 's'];
      for (const programme of programmes) await sender.commands.submitAll(forProgramme(programme));
      let owners = [first];
      for (let round = 0; round < 10; round++) {
        const sending = programmes.flatMap((programme) =>
          Array.from({ length: 5 }, (_, index) => sender.commands.submit({ ...spend(1n, `T-${round}-${index}`), programme })),
        );
        if (round % 2 === 0) owners.push(await open(`more-${round}`));
        else {
          await owners[0]!.close();
          owners = owners.slice(1);
        }
        for (const outcome of await Promise.all(sending)) expect(outcome.kind).toBe('accepted');
      }
      for (let partition = 0; partition < partitions; partition++) {
        const records = await entries(partition);
        for (const programme of programmes.filter((one) => partitionOf(one, partitions) === partition))
          expect(records.filter((one) => one.programme === programme).map(({ position }) => position)).toEqual(
            Array.from({ length: 54 }, (_, index) => index + 1),
          );
        expect(new Set(records.map(({ command: ref }) => ref?.id)).size).toBe(records.length);
      }
      expect(alarms).toEqual([]);
    }));

  it('that an owner decided without the sender knowing are found again after a lost offset', () =>
    using(async ({ open, inboxes }) => {
      // The outcome is in the log before the sender learns its command's offset.
      const inbox = inboxes.as('slow');
      const slow: Inbox = {
        partitions,
        own: (serve) => inbox.own(serve),
        close: () => inbox.close(),
        async send(sent) {
          const addresses = await inbox.send(sent);
          while ((await owner.commands.submit(establish())).kind === 'refused');
          return addresses;
        },
      };
      const owner = await open('owner');
      const sender = await open('sender', { decides: false, inbox: slow });
      expect(await sender.commands.submit(establish())).toMatchObject({ kind: 'accepted', receipt: { events: ['ProgrammeEstablished'] } });
    }));

  it('that can’t be sent say that it is not known whether they were taken', () =>
    using(async ({ open, inboxes }) => {
      const inbox = inboxes.as('broken');
      const broken: Inbox = {
        partitions,
        own: (serve) => inbox.own(serve),
        close: () => inbox.close(),
        send: () => Promise.reject(new InboxUnavailable('no broker')),
      };
      const { commands } = await open('broken', { inbox: broken });
      await expect(commands.submit(establish())).rejects.toThrow('it is not known whether this was taken (no broker)');
    }));

  it('that nobody decides are given back in time, and forgotten', () =>
    using(async ({ open, clock }) => {
      const { commands } = await open('alone', { decides: false });
      let settled = false as boolean;
      const waiting = commands.submit(establish()).finally(() => (settled = true));
      waiting.catch(() => undefined);
      while (!settled) {
        clock.now += 6_000;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await expect(waiting).rejects.toThrow('this is not decided yet');
    }));

  it('that an inbox holds up are given back in time, and count as waiting until it lets go of them', () =>
    using(async ({ open, inboxes, clock }) => {
      const inbox = inboxes.as('held up');
      const letGo = Promise.withResolvers<Address[]>();
      const heldUp: Inbox = {
        partitions,
        own: (serve) => inbox.own(serve),
        close: () => inbox.close(),
        send: () => letGo.promise,
      };
      const { commands } = await open('held up', { inbox: heldUp });
      const many = Array.from({ length: 25_000 }, (_, index) => spend(1n, `T-${index}`));
      const sent = [commands.submitAll(many), commands.submitAll(many)].map((one) => one.catch((error: unknown) => error));
      await expect(commands.submit(establish())).rejects.toMatchObject({ message: 'too many commands are waiting', retryAfter: 1 });
      let asked = false as boolean;
      const askedBack = Promise.all(sent).finally(() => (asked = true));
      while (!asked) {
        clock.now += 6_000;
        await nextTurn();
      }
      for (const error of await askedBack) expect(String(error)).toContain('the inbox does not answer');
      await expect(commands.submit(establish())).rejects.toThrow('too many commands are waiting');
      letGo.reject(new InboxUnavailable('no broker'));
      await nextTurn();
      await expect(commands.submit(establish())).rejects.toThrow('it is not known whether this was taken (no broker)');
    }));

  it('that are too large together are not taken in', () =>
    using(async ({ open }) => {
      const { commands } = await open('one', { decides: false });
      const title = { en: 'x'.repeat(60_000) };
      const large = (index: number) =>
        command('ProposeInitiative', justice, { title, authority: justice.organisation }, { initiative: `i-${index}` });
      const many = Array.from({ length: 1_200 }, (_, index) => large(index));
      await expect(commands.submitAll(many)).rejects.toThrow('too many commands are waiting');
    }));

  it('that can’t be read are answered, with an alarm, and stop nothing', () =>
    using(async ({ open, inboxes, alarms, entries }) => {
      const partition = partitionOf('p', partitions);
      inboxes.messages[partition]!.push({ offset: 0, unreadable: new Uint8Array([1]) });
      const { commands } = await open('one');
      expect(await commands.submit(establish())).toMatchObject({ kind: 'accepted' });
      expect(alarms).toEqual(['the inbox holds what is no command']);
      expect((await entries(partition)).map(({ kind }) => kind)).toEqual(['outcome', 'record']);
    }));
});

describe('the owner of a partition', () => {
  const ownerOf = (log: EventLog) =>
    new PartitionOwner({
      log,
      partition: 0,
      states: new MemoryStateStore(),
      now: () => Date.parse('2024-06-01T06:00:00.000Z'),
      alarm: () => undefined,
      standsBy: false,
      onStopped: () => undefined,
    });

  it('takes over from where the log says that the inbox is decided', async () => {
    const log = new MemoryEventLog();
    const served: Offset[] = [];
    const received = (after: Offset): AsyncIterable<Received[]> => {
      served.push(after);
      const all: Received[] = forProgramme('p').map((one, offset) => ({ offset, command: { ...one, commandId: `c-${offset}` } }));
      return (async function* () {
        yield await Promise.resolve(all.filter(({ offset }) => offset > after));
      })();
    };
    for (let time = 0; time < 2; time++) {
      const owner = ownerOf(log);
      await owner.serve(received, new AbortController().signal);
      await owner.close();
    }
    expect(served).toEqual([start, 3]);
    expect(await log.end(0)).toBe(3);
  });

  it.each([new OutcomeUnknown('no answer came'), new LogUnavailable('too few copies')])(
    'decides again what could not be appended, and nothing after it before (%s)',
    async (failure) => {
      const log = new (class extends MemoryEventLog {
        private appends = 0;
        override async acquire(partition: number): Promise<LogWriter> {
          const writer = await super.acquire(partition);
          return {
            append: async (entries: readonly NewEntry[]) => {
              if (++this.appends === 2) throw failure;
              await nextTurn();
              return writer.append(entries);
            },
          };
        }
      })();
      const all = forProgramme('p').map((one, offset) => ({ offset, command: { ...one, commandId: `c-${offset}` } }));
      const owner = ownerOf(log);
      const serve = () =>
        owner.serve(async function* (after: Offset) {
          for (const one of all.filter(({ offset }) => offset > after)) {
            for (let turns = 0; turns < 5; turns++) await nextTurn();
            yield [one];
          }
        }, new AbortController().signal);
      await expect(serve()).rejects.toBe(failure);
      await serve();
      await owner.close();
      const entries: Entry[] = [];
      for await (const batch of log.read(0, start)) entries.push(...batch);
      expect(entries.map(({ command: ref }) => ref?.id)).toEqual(['c-0', 'c-1', 'c-2', 'c-3']);
    },
  );

  it('fences nobody for a partition that was given away before it was taken', async () => {
    const log = new MemoryEventLog();
    const writer = await log.acquire(0);
    const owner = ownerOf(log);
    await owner.serve(async function* () {}, AbortSignal.abort());
    await owner.close();
    expect(await writer.append([{ kind: 'outcome', bytes: new Uint8Array() }])).toEqual([0]);
  });

  it('gives its partition up when it is told to, and knows what others have decided since', async () => {
    const all = services();
    const [one, two] = [await all.open('one'), await all.open('two')];
    await one.commands.submitAll(forProgramme('p'));
    await one.close();
    expect(one.owners.some(({ decides }) => decides)).toBe(false);
    expect(await two.commands.submit(spend(1n, 'T-1', { actor: justice }))).toMatchObject({ kind: 'accepted', receipt: { position: 5 } });
    await two.close();
  });
});
