import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemorySignedHeads } from '../memory/memory-signed-heads.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { cosignatureOn, withCosignature } from '../notes/cosignature.js';
import { publicKeyOf, signNote, verifierOf, type Signer } from '../notes/signed-note.js';
import { nameOfKey, type SignedHead, type SignedHeads } from '../ports.js';
import { MemoryMissing } from '../publish-heads.js';
import { emptyRoot, leafHash, type Hash } from '../tree/hashing.js';
import { TilesInMemory } from '../tree/testing/tiles-in-memory.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { grownTiles } from '../tree/tiles.js';
import { readAddCheckpoint, writeAddCheckpoint } from './add-checkpoint.js';
import { Witness, type Vouched, type WitnessOptions } from './witness.js';

const origin = 'ledger.example/p';
const ledger: Signer = { name: origin, key: generateKeyPairSync('ed25519').privateKey };
const stranger: Signer = { name: origin, key: generateKeyPairSync('ed25519').privateKey };
const chamber: Signer = { name: 'chamber.example/w', key: generateKeyPairSync('ed25519').privateKey };
const key = nameOfKey(publicKeyOf(chamber.key));
const moment = 1_700_000_000;

const leaves = (count: number, from = 0) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${from + at}`)));

/** A log's history: its checkpoints, and the proofs between them. */
async function history(all: readonly Hash[]) {
  const tiles = new TilesInMemory();
  tiles.put(await grownTiles(0, all, tiles.read));
  const tree = new TiledTree(all.length, tiles.read);
  const signed = async (size: number, signer = ledger) => signCheckpoint({ origin, size, root: await tree.root(size) }, signer);
  const requests = new Map<string, Promise<string>>();
  const request = (old: number, size: number): Promise<string> => {
    const made = requests.get(`${old} ${size}`) ?? requestOf(old, size);
    requests.set(`${old} ${size}`, made);
    return made;
  };
  const requestOf = async (old: number, size: number) =>
    writeAddCheckpoint({ old, proof: await tree.consistency(Math.min(old, size), size), checkpoint: await signed(size) });
  return { tree, signed, request };
}

/** A witness that has cosigned nothing yet. */
async function witness(more: Partial<WitnessOptions> = {}) {
  const heads = new MemorySignedHeads();
  await heads.begin(key);
  return new Witness({ signer: chamber, heads, logs: [verifierOf(ledger)], now: () => moment * 1_000, ...more });
}

describe('a witness', () => {
  it('cosigns the first checkpoint of a log that it knows, and every one that extends the last', async () => {
    const { signed, request } = await history(leaves(700));
    const one = await witness();
    for (const [old, size] of [
      [0, 3],
      [3, 256],
      [256, 300],
      [300, 700],
    ] as const) {
      const answer = await one.answer(await request(old, size));
      expect(answer.status).toBe(200);
      const note = withCosignature(await signed(size), 'cosignature' in answer ? answer.cosignature : '');
      expect(cosignatureOn(note, verifierOf(chamber))).toEqual({ verifier: verifierOf(chamber), at: moment });
      expect((await one.cosigned(origin))?.note).toBe(note);
    }
  });

  it('cosigns the same checkpoint again with the time of then', async () => {
    const { request } = await history(leaves(5));
    let now = moment * 1_000;
    const one = await witness({ now: () => now });
    await one.answer(await request(0, 5));
    now += 3_600_000;
    expect((await one.answer(await request(5, 5))).status).toBe(200);
    expect(cosignatureOn((await one.cosigned(origin))?.note ?? '', verifierOf(chamber))?.at).toBe(moment + 3_600);
  });

  it('keeps the log’s signature beside its own, and no other', async () => {
    const { tree, signed } = await history(leaves(5));
    const text = `${origin}\n5\n${Buffer.from(await tree.root()).toString('base64')}\n`;
    const other: Signer = { name: 'other.example', key: stranger.key };
    const one = await witness();
    expect((await one.add({ old: 0, proof: [], checkpoint: signNote(text, [other, ledger]) })).status).toBe(200);
    expect((await one.cosigned(origin))?.note.split('\n').slice(0, 5)).toEqual((await signed(5)).split('\n').slice(0, 5));
    expect((await one.cosigned(origin))?.note).not.toContain('other.example');
  });

  it('names the size that it cosigned last, if another was named', async () => {
    const { request } = await history(leaves(9));
    const one = await witness();
    expect(await one.answer(await request(2, 9))).toEqual({ status: 409, size: 0 });
    await one.answer(await request(0, 7));
    expect(await one.answer(await request(0, 9))).toEqual({ status: 409, size: 7 });
    expect(await one.answer(await request(8, 9))).toEqual({ status: 409, size: 7 });
    expect(await one.answer(await request(5, 6))).toEqual({ status: 409, size: 7 });
  });

  it('refuses a fork with as many leaves, with more, and without its proof, and hands on what was signed', async () => {
    const [own, forked] = [await history(leaves(9)), await history([...leaves(1, 500), ...leaves(11, 1)])];
    const contradictions: unknown[] = [];
    const one = await witness({ onContradiction: ({ size }, note) => void contradictions.push([size, note]) });
    await one.answer(await own.request(0, 7));
    const why = (size: number) => `the tree of ${size} leaves was not proven to extend the one of 7 that was cosigned`;
    const otherRoot = 'the checkpoint that was cosigned has another root for the same 7 leaves';
    expect(await one.answer(await forked.request(7, 7))).toEqual({ status: 422, why: otherRoot });
    expect(await one.answer(await forked.request(7, 12))).toEqual({ status: 422, why: why(12) });
    expect(await one.add(readAddCheckpoint(await forked.request(7, 12)), 'log')).toEqual({ status: 422, why: why(12) });
    // Anybody can send a wrong proof of a sound checkpoint: that says nothing of the log.
    expect(await one.add({ old: 7, proof: [], checkpoint: await own.signed(9) })).toEqual({ status: 422, why: why(9) });
    expect(contradictions).toEqual([
      [7, await forked.signed(7)],
      [12, await forked.signed(12)],
    ]);
    expect((await one.cosigned(origin))?.size).toBe(7);
    expect((await one.answer(await own.request(7, 9))).status).toBe(200);
  });

  it('refuses a first checkpoint with a proof, and an empty tree with a root that is not its own', async () => {
    const { signed } = await history(leaves(4));
    const one = await witness();
    const why = 'the proof of a first checkpoint must be empty, and the empty tree must have its own root';
    expect(await one.add({ old: 0, proof: [emptyRoot], checkpoint: await signed(4) })).toEqual({ status: 422, why });
    const empty = (root: Hash) => signCheckpoint({ origin, size: 0, root }, ledger);
    expect(await one.add({ old: 0, proof: [], checkpoint: empty(leafHash(Buffer.from('x'))) })).toEqual({ status: 422, why });
    expect((await one.add({ old: 0, proof: [], checkpoint: empty(emptyRoot) })).status).toBe(200);
    expect((await one.add({ old: 0, proof: [], checkpoint: await signed(4) })).status).toBe(200);
  });

  it('refuses an unknown signature, a note changed after it was signed, and a log that it does not know', async () => {
    const { signed, tree } = await history(leaves(4));
    const one = await witness();
    expect(await one.add({ old: 0, proof: [], checkpoint: await signed(4, stranger) })).toMatchObject({ status: 403 });
    expect(await one.add({ old: 0, proof: [], checkpoint: (await signed(4)).replace('\n4\n', '\n5\n') })).toEqual({
      status: 403,
      why: `the signature of ${origin} is not of this text and key`,
    });
    const elsewhere = signCheckpoint(
      { origin: 'other.example/p', size: 4, root: await tree.root() },
      { ...ledger, name: 'other.example/p' },
    );
    expect(await one.add({ old: 0, proof: [], checkpoint: elsewhere })).toEqual({
      status: 404,
      why: 'no key of other.example/p is known here',
    });
    expect(await one.cosigned(origin)).toBeUndefined();
  });

  it.each([
    ['', 'the request must have an empty line before the checkpoint'],
    ['new 0\n\n', 'the first line of the request must be: old, a space, and the size of the tree that was cosigned last'],
    ['old 01\n\n', 'the first line of the request must be: old, a space, and the size of the tree that was cosigned last'],
    ['old 9999999999999999\n\n', 'the first line of the request must be: old, a space, and the size of the tree that was cosigned last'],
    ['old 0\nAAAA\n\n', 'a hash must be 32 bytes in base64, not "AAAA"'],
    [`old 0\n${'x\n'.repeat(64)}\n`, 'a proof may have 63 hashes, not 64'],
    ['old 0\n\nledger.example/p\n', 'a signed note must have an empty line before its signatures'],
  ])('refuses the request %j', async (body, why) => {
    expect(await (await witness()).answer(body)).toEqual({ status: 400, why });
  });

  it('refuses a tree that is smaller than the one it is said to extend', async () => {
    const { signed } = await history(leaves(4));
    expect(await (await witness()).add({ old: 5, proof: [], checkpoint: await signed(4) })).toEqual({
      status: 400,
      why: 'a tree of 4 leaves can’t extend one of 5',
    });
  });

  it('cosigns only heads that it vouches for', async () => {
    const { request } = await history(leaves(4));
    let vouched: Vouched = { as: 'later', why: 'records are still read' };
    const contradictions: string[] = [];
    const one = await witness({ vouch: () => Promise.resolve(vouched), onContradiction: (_, __, why) => void contradictions.push(why) });
    expect(await one.answer(await request(0, 4))).toEqual({ status: 503, why: 'records are still read' });
    vouched = { as: 'no', why: 'position 3 is missing' };
    expect(await one.answer(await request(0, 4))).toEqual({ status: 422, why: 'position 3 is missing' });
    expect([contradictions, await one.cosigned(origin)]).toEqual([['position 3 is missing'], undefined]);
    vouched = { as: 'yes' };
    expect((await one.answer(await request(0, 4))).status).toBe(200);
  });

  it('cosigns nothing with a key whose memory is missing', async () => {
    const { request } = await history(leaves(4));
    const one = await witness({ heads: new MemorySignedHeads() });
    await expect(one.answer(await request(0, 4))).rejects.toThrow(MemoryMissing);
  });
});

/** Requests that reach a witness at once, each of one of two histories that part somewhere; the witness may be killed while it answers one. */
type Round = readonly { forked: boolean; size: number; dies: 'no' | 'before' | 'after' }[];
const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.array(
    fc.record({
      forked: fc.boolean(),
      size: fc.integer({ min: 1, max: 40 }),
      dies: fc.constantFrom('no' as const, 'no' as const, 'before' as const, 'after' as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 1, maxLength: 12 },
);

describe('whatever a witness is asked, by any number of clients at once, and whenever it is killed,', () => {
  it('of any two cosigned heads one extends the other', async () => {
    const parts = 20;
    const own = leaves(40);
    const other = [...own.slice(0, parts), ...leaves(40 - parts, 900)];
    const histories = { own: await history(own), other: await history(other) };
    let [cosigned, conflicts, forks] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(rounds, fc.scheduler(), async (all, scheduler) => {
        const heads = new MemorySignedHeads();
        await heads.begin(key);
        /** What was remembered, and so may have left. */
        const handedOut: (readonly Hash[])[] = [];
        for (const round of all) {
          const answering = round.map(async ({ forked, size, dies }) => {
            const { request } = forked ? histories.other : histories.own;
            const onRemembered = () => handedOut.push((forked ? other : own).slice(0, size));
            const through = memoryOf(heads, scheduler, dies, onRemembered);
            const one = new Witness({ signer: chamber, heads: through, logs: [verifierOf(ledger)], now: () => moment * 1_000 });
            const asked = await one.answer(await request(0, size)).catch(() => undefined);
            const again = asked?.status === 409 ? asked.size : undefined;
            if (again === undefined || again > size) return asked?.status;
            return (await one.answer(await request(again, size)).catch(() => undefined))?.status;
          });
          for (const status of await scheduler.waitFor(Promise.all(answering))) {
            if (status === 200) cosigned++;
            if (status === 409) conflicts++;
            if (status === 422) forks++;
          }
        }
        const longest = handedOut.reduce((one, next) => (next.length > one.length ? next : one), []);
        for (const one of handedOut) expect(one.every((leaf, at) => leaf === longest[at])).toBe(true);
      }),
      { numRuns: 150 },
    );
    // The requests that were tried are worth something.
    expect(Math.min(cosigned, conflicts, forks)).toBeGreaterThan(10);
  });
});

/** The memory through a scheduler that decides who goes first; the process that uses it may die around what it remembers. */
function memoryOf(
  heads: MemorySignedHeads,
  scheduler: fc.Scheduler,
  dies: 'no' | 'before' | 'after',
  onRemembered: () => void,
): Pick<SignedHeads, 'knows' | 'last' | 'remember'> {
  const last = scheduler.scheduleFunction((name: string, programme: string) => heads.last(name, programme));
  const write = scheduler.scheduleFunction((...args: [string, string, SignedHead, SignedHead | undefined]) => heads.remember(...args));
  return {
    knows: (name) => heads.knows(name),
    last: (name, programme) => last(name, programme),
    remember: async (...args) => {
      if (dies === 'before') throw new Error('killed');
      const remembered = await write(...args);
      if (remembered) onRemembered();
      if (dies === 'after') throw new Error('killed');
      return remembered;
    },
  };
}
