import { describe, expect, it } from '@jest/globals';
import type { Command } from '../domain/commands.js';
import { partitionOf } from './partition-of.js';
import { LogFenced, LogUnavailable, OutcomeUnknown, start, type Inbox, type Received, type Sent } from './ports.js';

/** Inboxes of several instances over the same four partitions, and how to remove their data. */
export type OpenedInboxes = { as(instance: string): Promise<Inbox>; remove(): Promise<void> };

const partitions = 4;
/** One programme in each partition. */
const programmes = Array.from({ length: partitions }, (_, partition) => {
  for (let index = 0; ; index++) if (partitionOf(`p-${index}`, partitions) === partition) return `p-${index}`;
});

function spending(id: string, programme: string): Command {
  return {
    type: 'RecordSpending',
    programme,
    initiative: 'i',
    commandId: id,
    actor: { id: 'u', organisation: 'ministry', role: 'ministry' },
    data: { transactionId: id, amount: 900_719_925_474_099_123n },
  };
}
const sent = (id: string, programme = programmes[0]!): Sent => ({
  command: spending(id, programme),
  digest: { hex: id.padEnd(64, '0'), size: id.length },
});
const idOf = (received: Received) =>
  'command' in received ? received.command.commandId : 'dryRun' in received ? 'dryRun' : 'atomic' in received ? 'atomic' : 'unreadable';

/** An instance that takes what it receives and remembers it. */
export function serving(inbox: Inbox, after: (partition: number) => number = () => start) {
  const taken: { partition: number; received: Received }[] = [];
  const owned = new Set<number>();
  const begun: number[] = [];
  let changed: () => void = () => undefined;
  const owning = inbox.own(async (partition, commandsAfter, signal) => {
    owned.add(partition);
    begun.push(partition);
    changed();
    for await (const batch of commandsAfter(after(partition))) {
      if (signal.aborted) break;
      taken.push(...batch.map((received) => ({ partition, received })));
      changed();
    }
    owned.delete(partition);
    changed();
  });
  return {
    taken,
    owned,
    /** The partitions it has begun to serve, in order; one that it stopped and began again is there twice. */
    begun,
    owning,
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

/** The rules that every inbox keeps. */
export function inboxContract(name: string, open: () => Promise<OpenedInboxes>): void {
  describe(`${name} as an inbox`, () => {
    const using = async (use: (as: (instance: string) => Promise<Inbox>) => Promise<void>) => {
      const opened = await open();
      const inboxes: Inbox[] = [];
      try {
        await use(async (instance) => {
          const inbox = await opened.as(instance);
          inboxes.push(inbox);
          return inbox;
        });
      } finally {
        await Promise.all(inboxes.map((inbox) => inbox.close()));
        await opened.remove();
      }
    };

    it('hands every command to the owner of its programme’s partition, exactly as it was sent, in the order of its offsets', () =>
      using(async (as) => {
        const inbox = await as('one');
        const addresses = await inbox.send(
          programmes.flatMap((programme) => [sent(`a-${programme}`, programme), sent(`b-${programme}`, programme)]),
        );
        const owner = serving(inbox);
        await owner.until(() => owner.taken.length === 8);
        expect(owner.owned).toEqual(new Set([0, 1, 2, 3]));
        for (const [partition, programme] of programmes.entries()) {
          const own = owner.taken.filter((one) => one.partition === partition).map(({ received }) => received);
          expect(own.map(idOf)).toEqual([`a-${programme}`, `b-${programme}`]);
          expect(own[0]).toEqual({ offset: addresses[partition * 2]?.offset, ...sent(`a-${programme}`, programme) });
          expect(own.map(({ offset }) => ({ partition, offset }))).toEqual(addresses.slice(partition * 2, partition * 2 + 2));
        }
      }));

    it('keeps what is sent while nobody owns anything, and hands it over from any offset', () =>
      using(async (as) => {
        const inbox = await as('one');
        const addresses = await inbox.send([sent('a'), sent('b'), sent('c')]);
        const owner = serving(inbox, () => addresses[0]?.offset ?? start);
        await owner.until(() => owner.taken.length === 2);
        expect(owner.taken.map(({ received }) => idOf(received))).toEqual(['b', 'c']);
      }));

    it('keeps the order of thousands', () =>
      using(async (as) => {
        const inbox = await as('one');
        const owner = serving(inbox);
        const ids = Array.from({ length: 5_000 }, (_, index) => `c-${index}`);
        const addresses = await inbox.send(ids.map((id) => sent(id)));
        await owner.until(() => owner.taken.length === ids.length);
        expect(owner.taken.map(({ received }) => idOf(received))).toEqual(ids);
        expect(addresses.map(({ offset }) => offset)).toEqual(owner.taken.map(({ received }) => received.offset));
      }));

    it('hands over a dry run whole', () =>
      using(async (as) => {
        const inbox = await as('one');
        const dryRun = [spending('a', programmes[1]!), spending('b', programmes[1]!)] as const;
        const owner = serving(inbox);
        const [address] = await inbox.send([{ dryRun: [dryRun[0], dryRun[1]] }]);
        await owner.until(() => owner.taken.length === 1);
        expect(owner.taken).toEqual([{ partition: 1, received: { offset: address?.offset, dryRun: [...dryRun] } }]);
      }));

    it('hands over a dry run of 10,000 commands whole, larger than any message, among other commands', () =>
      using(async (as) => {
        const inbox = await as('one');
        const command = (id: string): Command => ({ ...spending(id, programmes[1]!), expectedVersion: 7, correlationId: id.repeat(200) });
        const dryRun: [Command, ...Command[]] = [command('r-0'), ...Array.from({ length: 9_999 }, (_, index) => command(`r-${index + 1}`))];
        const owner = serving(inbox);
        const [[address]] = await Promise.all([inbox.send([{ dryRun }]), inbox.send([sent('a', programmes[1]), sent('b', programmes[1])])]);
        await owner.until(() => owner.taken.length === 3);
        const taken = owner.taken.map(({ received }) => received).filter((received) => 'dryRun' in received);
        expect(taken).toEqual([{ offset: address?.offset, dryRun }]);
      }));

    it('hands over an atomic batch whole', () =>
      using(async (as) => {
        const inbox = await as('one');
        const owner = serving(inbox);
        const [address] = await inbox.send([{ atomic: [spending('a', programmes[1]!), spending('b', programmes[1]!)] }]);
        await owner.until(() => owner.taken.length === 1);
        expect(owner.taken).toEqual([
          { partition: 1, received: { offset: address?.offset, atomic: [spending('a', programmes[1]!), spending('b', programmes[1]!)] } },
        ]);
      }));

    it('shares partitions among instances as they come and go', () =>
      using(async (as) => {
        const [one, two] = [await as('one'), await as('two')];
        const first = serving(one);
        await first.until(() => first.owned.size === 4);
        const second = serving(two);
        await second.until(() => second.owned.size === 2);
        await first.until(() => first.owned.size === 2);
        expect([...first.owned, ...second.owned].sort()).toEqual([0, 1, 2, 3]);
        await one.close();
        expect(first.owned.size).toBe(0);
        await second.until(() => second.owned.size === 4);
        await two.send(programmes.map((programme) => sent('late', programme)));
        await second.until(() => second.taken.length === 4);
      }));

    it('gives an instance that comes back under its name its old partitions, and one that joins no more than its share', () =>
      using(async (as) => {
        const first = serving(await as('one'));
        await first.until(() => first.owned.size === 4);
        const two = await as('two');
        const second = serving(two);
        await second.until(() => second.owned.size === 2);
        await first.until(() => first.owned.size === 2);
        const [ofOne, ofTwo] = [new Set(first.owned), new Set(second.owned)];
        await two.close();
        await first.until(() => first.owned.size === 4);
        const again = serving(await as('two'));
        await again.until(() => again.owned.size === 2);
        await first.until(() => first.owned.size === 2);
        expect([first.owned, again.owned]).toEqual([ofOne, ofTwo]);

        const third = serving(await as('three'));
        await third.until(() => third.owned.size === 2);
        await first.until(() => first.owned.size === 1);
        await again.until(() => again.owned.size === 1);
        const [keptByOne, keptByTwo] = [[...first.owned], [...again.owned]];
        expect([...keptByOne, ...keptByTwo, ...third.owned].sort()).toEqual([0, 1, 2, 3]);
        // The partitions that stayed were served all along.
        expect(keptByOne.map((partition) => [ofOne.has(partition), first.begun.filter((one) => one === partition)])).toEqual(
          keptByOne.map((partition) => [true, [partition]]),
        );
        expect(again.begun).toHaveLength(2);
        expect(keptByTwo.every((partition) => ofTwo.has(partition))).toBe(true);
      }));

    it('starts a service again after a passing fault while its partition still belongs to this instance', () =>
      using(async (as) => {
        const inbox = await as('one');
        const passing = [new LogFenced('another writer'), new OutcomeUnknown('no answer'), new LogUnavailable('too few copies')];
        const failures = [...passing];
        const again = new Promise<void>((resolve) => {
          void inbox.own(async (partition, _commandsAfter, signal) => {
            if (partition !== 2) return;
            const failure = failures.shift();
            if (failure) throw failure;
            resolve();
            await new Promise((end) => {
              signal.addEventListener('abort', end);
            });
          });
        });
        await again;
        expect(failures).toEqual([]);
      }));

    it('stops one partition alone if its service fails', () =>
      using(async (as) => {
        const inbox = await as('one');
        const served: string[] = [];
        let changed: () => void = () => undefined;
        void inbox.own(async (partition, commandsAfter) => {
          for await (const batch of commandsAfter(start)) {
            if (partition === 0) throw new Error('unreadable');
            served.push(...batch.map(idOf));
            changed();
          }
        });
        await inbox.send([sent('a'), ...programmes.slice(1).map((programme) => sent('b', programme))]);
        while (served.length < 3) await new Promise<void>((resolve) => (changed = resolve));
        expect(served).toEqual(['b', 'b', 'b']);
      }));

    it('owns nothing once it is closed', () =>
      using(async (as) => {
        const inbox = await as('one');
        const owner = serving(inbox);
        await owner.until(() => owner.owned.size === 4);
        await inbox.close();
        await owner.owning;
        expect(owner.owned.size).toBe(0);
      }));
  });
}
