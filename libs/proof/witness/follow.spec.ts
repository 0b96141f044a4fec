import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MemorySignedHeads } from '../memory/memory-signed-heads.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { ProofRefused, publicKeyOf, verifierOf, type Signer } from '../notes/signed-note.js';
import { nameOfKey } from '../ports.js';
import { leafHash, type Hash } from '../tree/hashing.js';
import { TilesInMemory } from '../tree/testing/tiles-in-memory.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { grownTiles } from '../tree/tiles.js';
import { cosignAgainAfter } from './cosigning.js';
import { followOnce, programmeOf } from './follow.js';
import type { FollowedLedger } from './followed-ledger.js';
import { Witness } from './witness.js';

const origin = 'ledger.example/p';
const keyNamed = (name: string): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey });
const [ledgerKey, chamber] = [keyNamed(origin), keyNamed('chamber.example/w')];
const leaves = (count: number, from = 0) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${from + at}`)));

/** A ledger that shows the checkpoint of its first leaves. */
async function ledgerOf(all: readonly Hash[], size: number, signer = ledgerKey): Promise<FollowedLedger> {
  const tiles = new TilesInMemory();
  tiles.put(await grownTiles(0, all, tiles.read));
  const root = await new TiledTree(all.length, tiles.read).root(size);
  return {
    checkpoint: (programme) => Promise.resolve(programme === 'p' ? signCheckpoint({ origin, size, root }, signer) : undefined),
    tile: (_programme, address) => tiles.read(address),
    records: () => {
      throw new Error('nobody asks for records');
    },
  };
}
async function follower() {
  const heads = new MemorySignedHeads();
  await heads.begin(nameOfKey(publicKeyOf(chamber.key)));
  const clock = { now: 1_700_000_000_000 };
  const witness = new Witness({ signer: chamber, heads, logs: [verifierOf(ledgerKey)], now: () => clock.now });
  const follow = (ledger: FollowedLedger, from = origin) => followOnce(ledger, from, [verifierOf(ledgerKey)], witness, clock.now);
  return { clock, witness, follow };
}

describe('a witness that follows a ledger', () => {
  it('cosigns a head that extends the one it cosigned, by the ledger’s own tiles', async () => {
    const { follow, witness } = await follower();
    const all = leaves(700);
    expect(await follow(await ledgerOf(all, 3))).toEqual({ was: 'cosigned', size: 3 });
    expect(await follow(await ledgerOf(all, 600))).toEqual({ was: 'cosigned', size: 600 });
    expect(await follow(await ledgerOf(all, 700))).toEqual({ was: 'cosigned', size: 700 });
    expect((await witness.cosigned(origin))?.size).toBe(700);
  });

  it('does not cosign the same head again until the time in its cosignature is old', async () => {
    const { follow, clock, witness } = await follower();
    const ledger = await ledgerOf(leaves(5), 5);
    await follow(ledger);
    expect(await follow(ledger)).toEqual({ was: 'same', size: 5 });
    clock.now += cosignAgainAfter;
    expect(await follow(ledger)).toEqual({ was: 'cosigned', size: 5 });
    expect((await witness.cosigned(origin))?.signedAt).toBe(clock.now);
  });

  it('finds a fork with as many leaves as it cosigned, with more and with fewer', async () => {
    const { follow } = await follower();
    const all = leaves(300);
    await follow(await ledgerOf(all, 280));
    const forked = [...all.slice(0, 9), ...leaves(1, 900), ...all.slice(10)];
    for (const [size, why] of [
      [280, 'the checkpoint that was cosigned has another root for the same 280 leaves'],
      [300, 'the tree of 300 leaves was not proven to extend the one of 280 that was cosigned'],
    ] as const)
      expect(await follow(await ledgerOf(forked, size))).toEqual({ was: 'forked', why });
    expect(await follow(await ledgerOf(forked, 200))).toEqual({
      was: 'forked',
      why: 'the checkpoint of 200 records is not of the history of 280 that was cosigned',
    });
    expect(await follow(await ledgerOf(all, 200))).toEqual({ was: 'older', size: 200 });
  });

  it('names the head that it has cosigned if the ledger was put back to an older copy', async () => {
    const { follow } = await follower();
    const all = leaves(300);
    await follow(await ledgerOf(all, 300));
    expect(await follow(await ledgerOf(all.slice(0, 290), 290))).toEqual({
      was: 'refused',
      why: 'the ledger shows a checkpoint of 290 records, and 300 were cosigned; it does not prove that they are of one history: there is no tile 0/1 of 44',
    });
  });

  it('refuses a checkpoint that another key signed, and reports one that is not there', async () => {
    const { follow, witness } = await follower();
    await expect(follow(await ledgerOf(leaves(3), 3, keyNamed(origin)))).rejects.toThrow(ProofRefused);
    expect(await follow(await ledgerOf(leaves(3), 3), 'ledger.example/q')).toEqual({ was: 'none' });
    expect(await witness.cosigned(origin)).toBeUndefined();
  });

  it('knows the programme of an origin by its end', () => {
    expect(programmeOf('ledger.example:8443/digital-kyrgyzstan')).toBe('digital-kyrgyzstan');
  });
});
