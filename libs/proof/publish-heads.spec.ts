import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc, { type Scheduler } from 'fast-check';
import { MemorySignedHeads } from './memory/memory-signed-heads.js';
import { MemoryTrees } from './memory/memory-trees.js';
import { headIn, openCheckpoint } from './notes/checkpoint.js';
import { publicKeyOf } from './notes/signed-note.js';
import { nameOfKey, type SignedHead, type SignedHeads, type Trees } from './ports.js';
import { MemoryMissing, Publisher, signEvery, Unpublished } from './publish-heads.js';
import { leafHash, type Hash } from './tree/hashing.js';
import { grownTiles } from './tree/tiles.js';
import { TiledTree } from './tree/tiled-tree.js';

const { privateKey } = generateKeyPairSync('ed25519');
const key = nameOfKey(publicKeyOf(privateKey));
const verifier = { name: 'ledger.example/p', publicKey: publicKeyOf(privateKey) };

/** A history's trees, as grown from its leaves. */
async function treesOf(leaves: readonly Hash[]): Promise<MemoryTrees> {
  const trees = new MemoryTrees();
  await grow(trees, leaves);
  return trees;
}
async function grow(trees: MemoryTrees, leaves: readonly Hash[]): Promise<void> {
  const size = await trees.size('p');
  const tiles = await grownTiles(size, leaves.slice(size), async (address) => (await trees.tile('p', address)) ?? new Uint8Array());
  await trees.save({ partition: 0, offset: leaves.length, trees: [{ programme: 'p', size: leaves.length, tiles }] });
}
const leaves = (count: number, from = 0) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${from + at}`)));

/** A ledger of one programme with a publisher and a clock. */
async function ledger(count: number) {
  const signed = new MemorySignedHeads();
  await signed.begin(key);
  const all = leaves(count);
  const world = { trees: await treesOf(all), signed, clock: { now: 1_700_000_000_000 }, all };
  const publisher = (more: { host?: string; trees?: Trees } = {}) =>
    new Publisher({ trees: world.trees, signed, key: privateKey, host: 'ledger.example', now: () => world.clock.now, ...more });
  const sizes = async () => (await signed.last(key, 'p'))?.size;
  return { ...world, publisher, sizes };
}

describe('the publisher of heads', () => {
  it('signs the head of a tree under the origin of its programme', async () => {
    const { publisher, signed, all } = await ledger(300);
    expect(await publisher().publish('p')).toBe('signed');
    const head = await signed.latest('p');
    const { origin, size, root } = openCheckpoint(head?.note ?? '', verifier);
    expect([origin, size]).toEqual(['ledger.example/p', 300]);
    const tiles = await treesOf(all);
    const tree = new TiledTree(300, async (address) => (await tiles.tile('p', address)) ?? new Uint8Array());
    expect(Buffer.from(root)).toEqual(Buffer.from(await tree.root()));
  });

  it('signs nothing for a programme without a tree, and nothing twice', async () => {
    const { publisher, clock } = await ledger(3);
    expect(await publisher().publish('q')).toBe('same');
    expect(await publisher().publish('p')).toBe('signed');
    clock.now += signEvery;
    expect(await publisher().publish('p')).toBe('same');
  });

  it('signs one head a second, unless the clock was put back', async () => {
    const { publisher, clock, trees, all, sizes } = await ledger(3);
    expect(await publisher().publish('p')).toBe('signed');
    await grow(trees, [...all, ...leaves(2, 100)]);
    clock.now += signEvery - 1;
    expect(await publisher().publish('p')).toBe('early');
    clock.now += 1;
    expect(await publisher().publish('p')).toBe('signed');
    expect(await sizes()).toBe(5);
    await grow(trees, [...all, ...leaves(2, 100), ...leaves(1, 200)]);
    clock.now -= 3_600_000;
    expect(await publisher().publish('p')).toBe('signed');
  });

  it('signs the same head again under another host', async () => {
    const { publisher, clock, signed } = await ledger(3);
    await publisher().publish('p');
    clock.now += signEvery;
    expect(await publisher({ host: 'proof.example' }).publish('p')).toBe('signed');
    expect(headIn((await signed.latest('p'))?.note ?? '')).toMatchObject({ origin: 'proof.example/p', size: 3 });
  });

  it('refuses a tree that is smaller than what it signed, and one with another leaf', async () => {
    const { publisher, clock, all, sizes } = await ledger(300);
    await publisher().publish('p');
    clock.now += signEvery;
    expect(await publisher({ trees: await treesOf(all.slice(0, 299)) }).publish('p')).toBe('behind');
    for (const count of [300, 301, 600]) {
      const other = [...leaves(1, 900), ...all.slice(1), ...leaves(count - 300, 1_000)];
      expect(await publisher({ trees: await treesOf(other) }).publish('p')).toBe('forked');
    }
    expect(await sizes()).toBe(300);
  });

  it('signs nothing with a key whose memory is missing', async () => {
    const { trees, clock } = await ledger(3);
    const signed = new MemorySignedHeads();
    const publisher = new Publisher({ trees, signed, key: privateKey, host: 'ledger.example', now: () => clock.now });
    await expect(publisher.publish('p')).rejects.toThrow(MemoryMissing);
    expect(await signed.programmes()).toEqual([]);
  });

  it('tries a programme again whose turn came too early, and reports a refusal', async () => {
    const { publisher, clock, trees, all, sizes } = await ledger(3);
    const unpublished = new Unpublished();
    const refused: unknown[] = [];
    const signed: string[] = [];
    const on = {
      refused: (programme: string, why: string) => void refused.push([programme, why]),
      signed: (one: string) => void signed.push(one),
    };
    const publish = (by = publisher()) => unpublished.publish(by, on);
    unpublished.add(['p']);
    await publish();
    await grow(trees, [...all, ...leaves(1, 100)]);
    unpublished.add(['p']);
    await publish();
    expect(await sizes()).toBe(3);
    clock.now += signEvery;
    await publish();
    expect(await sizes()).toBe(4);
    unpublished.add(['p']);
    clock.now += signEvery;
    await publish(publisher({ trees: await treesOf(all) }));
    expect(refused).toEqual([['p', 'behind']]);
    expect(signed).toEqual(['p', 'p']);
  });
});

/** What happens to a ledger, in turn. */
type Happening =
  | { what: 'append'; count: number }
  /** Two publishers or three at once, each of which may die before or after it has remembered; if `split`, of two histories. */
  | { what: 'publish'; dies: readonly ('no' | 'before' | 'after')[]; split: boolean }
  /** The log and its trees are put back to an older copy; what the ledger records from then on differs. */
  | { what: 'restore'; keep: number }
  /** The trees are lost, and only partly grown again. */
  | { what: 'regrow'; keep: number };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ what: fc.constant('append' as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({
    what: fc.constant('publish' as const),
    dies: fc.array(fc.constantFrom('no' as const, 'before' as const, 'after' as const), { minLength: 2, maxLength: 3 }),
    split: fc.boolean(),
  }),
  fc.record({ what: fc.constant('restore' as const), keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ what: fc.constant('regrow' as const), keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

/** The memory through a scheduler that decides who goes first; it may die around what it remembers. */
function memoryOf(
  signed: MemorySignedHeads,
  scheduler: Scheduler,
  dies: 'no' | 'before' | 'after',
  onRemembered: (head: SignedHead) => void,
): SignedHeads {
  const last = scheduler.scheduleFunction((name: string, programme: string) => signed.last(name, programme));
  const write = scheduler.scheduleFunction((...args: Parameters<SignedHeads['remember']>) => signed.remember(...args));
  return {
    begin: (name) => signed.begin(name),
    knows: (name) => signed.knows(name),
    key: () => signed.key(),
    latest: (programme) => signed.latest(programme),
    programmes: () => signed.programmes(),
    close: () => signed.close(),
    last: (name, programme) => last(name, programme),
    remember: async (...args) => {
      if (dies === 'before') throw new Error('killed');
      const remembered = await write(...args);
      if (remembered) onRemembered(args[2]);
      if (dies === 'after') throw new Error('killed');
      return remembered;
    },
  };
}
/** The trees through the same scheduler. */
function treesThrough(trees: MemoryTrees, scheduler: Scheduler): Trees {
  const size = scheduler.scheduleFunction((programme: string) => trees.size(programme));
  return {
    offset: (partition) => trees.offset(partition),
    programmes: () => trees.programmes(),
    tile: (programme, address) => trees.tile(programme, address),
    save: (grown) => trees.save(grown),
    close: () => trees.close(),
    size: (programme) => size(programme),
  };
}

describe('whatever happens to a ledger and its publishers,', () => {
  it('of any two signed heads one extends the other', async () => {
    let [signatures, refusals, overtaken] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 14 }), fc.scheduler(), async (happenings, scheduler) => {
        const signed = new MemorySignedHeads();
        await signed.begin(key);
        let [all, made, now] = [[] as Hash[], 0, 1_700_000_000_000];
        let trees = new MemoryTrees();
        const more = (count: number) => leaves(count, (made += count) - count);
        /** The leaves under every head that was remembered, and so may have been handed out. */
        const handedOut: (readonly Hash[])[] = [];
        for (const one of happenings) {
          now += signEvery;
          if (one.what === 'append') await grow(trees, (all = [...all, ...more(one.count)]));
          else if (one.what === 'restore') trees = await treesOf((all = all.slice(0, Math.floor(all.length * one.keep))));
          else if (one.what === 'regrow') trees = await treesOf(all.slice(0, Math.floor(all.length * one.keep)));
          else {
            // A ledger that was split in two has two histories, of which both go on.
            const other = one.split ? [...all.slice(0, -1), ...more(2)] : all;
            const histories = [
              { trees, all },
              { trees: one.split ? await treesOf(other) : trees, all: other },
            ];
            const publishing = one.dies.map((dies, at) => {
              const history = histories[at % 2]!;
              const onRemembered = ({ size }: SignedHead) => handedOut.push(history.all.slice(0, size));
              const through = { trees: treesThrough(history.trees, scheduler), signed: memoryOf(signed, scheduler, dies, onRemembered) };
              return new Publisher({ ...through, key: privateKey, host: 'ledger.example', now: () => now })
                .publish('p')
                .catch(() => 'killed' as const);
            });
            const outcomes = await scheduler.waitFor(Promise.all(publishing));
            const count = (...some: string[]) => outcomes.filter((outcome) => some.includes(outcome)).length;
            [signatures, refusals, overtaken] = [
              signatures + count('signed'),
              refusals + count('forked', 'behind'),
              overtaken + count('overtaken'),
            ];
          }
        }
        const longest = handedOut.reduce((one, other) => (other.length > one.length ? other : one), []);
        for (const history of handedOut) expect(history.every((leaf, at) => leaf === longest[at])).toBe(true);
      }),
      { numRuns: 300 },
    );
    // The histories that were tried are worth something.
    expect(Math.min(signatures, refusals, overtaken)).toBeGreaterThan(10);
  });
});
