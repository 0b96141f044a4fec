import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { treeOf } from '../grow-trees.js';
import { MemoryCosignedHeads } from '../memory/memory-cosigned-heads.js';
import { MemorySignedHeads } from '../memory/memory-signed-heads.js';
import { MemoryTrees } from '../memory/memory-trees.js';
import { headIn } from '../notes/checkpoint.js';
import { cosignatureOn } from '../notes/cosignature.js';
import { policyIn } from '../notes/policy.js';
import { publicKeyOf, readNote, verifierLine, verifierOf, type Signer } from '../notes/signed-note.js';
import { nameOfKey } from '../ports.js';
import { Publisher, signEvery } from '../publish-heads.js';
import { leafHash } from '../tree/hashing.js';
import { grownTiles } from '../tree/tiles.js';
import { AskedWitness, NotCosigned } from './asked-witness.js';
import { cosignAgainAfter, Cosigning, CosigningDue, cosignAsDue } from './cosigning.js';
import type { AskWitness, WitnessResponse } from './over-http.js';
import { servedCheckpoint } from './served-checkpoint.js';
import { Witness } from './witness.js';

const keyNamed = (name: string): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey });
const ledgerKey = keyNamed('ledger.example/p');
const ledgerName = nameOfKey(publicKeyOf(ledgerKey.key));
const signers = { a: keyNamed('a.example/w'), b: keyNamed('b.example/w') };
const lines = `${(['a', 'b'] as const).map((name) => `witness ${name} ${verifierLine(verifierOf(signers[name]), 'witness')} https://${name}.example`).join('\n')}\n`;
const stop = new AbortController();

/** A ledger of one programme, and two witnesses that it asks. */
async function world(quorum: string) {
  const clock = { now: 1_700_000_000_000 };
  const [signed, cosigned, trees] = [new MemorySignedHeads(), new MemoryCosignedHeads(), new MemoryTrees()];
  await signed.begin(ledgerName);
  const heads = { a: new MemorySignedHeads(), b: new MemorySignedHeads() };
  const witnesses = new Map(
    await Promise.all(
      (['a', 'b'] as const).map(async (name): Promise<[string, Witness]> => {
        await heads[name].begin(nameOfKey(publicKeyOf(signers[name].key)));
        return [
          `https://${name}.example`,
          new Witness({ signer: signers[name], heads: heads[name], logs: [verifierOf(ledgerKey)], now: () => clock.now }),
        ];
      }),
    ),
  );
  const asked: string[] = [];
  /** How a witness answers, if not as it would itself. */
  const instead = new Map<string, (own: () => Promise<WitnessResponse>, signal: AbortSignal) => Promise<WitnessResponse>>();
  const ask: AskWitness = (url, body, signal) => {
    asked.push(`${url.slice('https://'.length, -'.example'.length)} ${/^old \d+/.exec(body)?.[0] ?? ''}`);
    const own = async (): Promise<WitnessResponse> => {
      const answer = await witnesses.get(url)?.answer(body);
      if (!answer) throw new Error('nobody is there');
      const text = 'cosignature' in answer ? answer.cosignature : 'size' in answer ? `${answer.size}\n` : answer.why;
      return { status: answer.status, text };
    };
    return instead.get(url)?.(own, signal) ?? own();
  };
  const told: unknown[] = [];
  const waiting: { since: number | undefined } = { since: undefined };
  const cosigningBy = (text = `${lines}quorum ${quorum}\n`) =>
    new Cosigning({
      ...{ trees, signed, cosigned, ask, key: ledgerKey.key, host: 'ledger.example', policy: policyIn(text), now: () => clock.now },
      observer: {
        troubled: (why, grave) => void told.push([why, grave]),
        recovered: (what) => void told.push(what),
        waiting: (since) => void (waiting.since = since),
      },
      patience: { answer: 60_000, retry: 1_000, retryAtMost: 4_000 },
    });
  let size = 0;
  /** Grows the tree, and signs its head. */
  const grow = async (leaves: number) => {
    const added = Array.from({ length: leaves }, (_, at) => leafHash(Buffer.from(`leaf ${size + at}`)));
    const tiles = await grownTiles(size, added, async (address) => (await trees.tile('p', address)) ?? new Uint8Array());
    size += leaves;
    await trees.save({ partition: 0, offset: size, trees: [{ programme: 'p', size, tiles }] });
    clock.now += signEvery;
    const publisher = new Publisher({ trees, signed, key: ledgerKey.key, host: 'ledger.example', now: () => clock.now });
    expect(await publisher.publish('p')).toBe('signed');
  };
  const cosigning = cosigningBy();
  /** The size and the signers of the checkpoint that readers get. */
  const served = async () => {
    const note = (await servedCheckpoint('p', signed, cosigned)) ?? '';
    for (const signer of Object.values(signers)) cosignatureOn(note, verifierOf(signer));
    return [headIn(note).size, ...readNote(note).signatures.map(({ name }) => name.split('.')[0])];
  };
  return { clock, signed, cosigned, trees, heads, asked, instead, told, waiting, grow, served, cosigning, cosigningBy };
}
const away = () =>
  Promise.reject(new Error('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }));

describe('the ledger’s witnesses', () => {
  it('cosign each head, proven from the size that they cosigned last', async () => {
    const { grow, served, cosigning, asked } = await world('none');
    await grow(3);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a', 'b']);
    await grow(600);
    expect(await served()).toEqual([603, 'ledger']);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([603, 'ledger', 'a', 'b']);
    expect(asked).toEqual(['a old 0', 'b old 0', 'a old 3', 'b old 3']);
  });

  it('are asked after a restart from the size that they cosigned, and then from the size that they name', async () => {
    const { grow, cosigning, cosigningBy, cosigned, asked, served } = await world('none');
    await grow(3);
    await cosigning.round('p', stop.signal);
    await grow(2);
    await cosigningBy().round('p', stop.signal);
    await cosigned.keep('p', []);
    await grow(2);
    asked.length = 0;
    await cosigningBy().round('p', stop.signal);
    expect(asked).toEqual(['a old 0', 'b old 0', 'a old 5', 'b old 5']);
    expect(await served()).toEqual([7, 'ledger', 'a', 'b']);
  });

  it('are not asked again about a head that they cosigned, until the time in their cosignatures is old', async () => {
    const { grow, cosigning, asked, clock, signed, cosigned } = await world('none');
    await grow(3);
    const next = await cosigning.round('p', stop.signal);
    expect(next).toBe(clock.now + cosignAgainAfter);
    await cosigning.round('p', stop.signal);
    expect(asked).toHaveLength(2);
    clock.now += cosignAgainAfter;
    await cosigning.round('p', stop.signal);
    expect(asked.slice(2)).toEqual(['a old 3', 'b old 3']);
    const note = (await servedCheckpoint('p', signed, cosigned)) ?? '';
    expect(cosignatureOn(note, verifierOf(signers.a))?.at).toBe(clock.now / 1_000);
  });

  it('do not hold up the others while one is away, which is asked at growing intervals', async () => {
    const { grow, cosigning, served, instead, asked, told, clock } = await world('a');
    instead.set('https://b.example', away);
    await grow(3);
    expect(await cosigning.round('p', stop.signal)).toBe(clock.now + 1_000);
    expect(await served()).toEqual([3, 'ledger', 'a']);
    await grow(2);
    expect(await cosigning.round('p', stop.signal)).toBe(clock.now + 2_000);
    await grow(2);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([7, 'ledger', 'a']);
    expect(asked.filter((one) => one.startsWith('b'))).toHaveLength(2);
    expect(told).toEqual([['the witness b can’t be asked at https://b.example: connect ECONNREFUSED', false]]);
    instead.clear();
    clock.now += 4_000;
    await cosigning.round('p', stop.signal);
    await cosigning.ended();
    expect(await served()).toEqual([7, 'ledger', 'a', 'b']);
    expect(told.slice(1)).toEqual(['the witness b cosigns again']);
  });

  it('are waited for only until a head has enough cosignatures; later ones are kept too', async () => {
    const { grow, cosigning, served, instead } = await world('a');
    const late = Promise.withResolvers<undefined>();
    instead.set('https://b.example', (own) => late.promise.then(own));
    await grow(3);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a']);
    late.resolve(undefined);
    await cosigning.ended();
    expect(await served()).toEqual([3, 'ledger', 'a', 'b']);
  });

  it('are asked about one programme first after they were away, and about the others once they answer', async () => {
    const [witness] = policyIn(`${lines}quorum none`).witnesses;
    let answering: Promise<WitnessResponse> = away();
    const options = { ask: () => answering, now: () => 0, patience: { answer: 60_000, retry: 1_000, retryAtMost: 1_000 } };
    const one = new AskedWitness({ ...witness!, url: 'https://a.example' }, options);
    const { grow, signed, trees } = await world('none');
    await grow(3);
    const head = (await signed.last(ledgerName, 'p'))!;
    const cosign = (programme: string) => one.cosign(programme, head, treeOf(trees, 'p', 3), 0, stop.signal);
    await expect(cosign('p')).rejects.toThrow(NotCosigned);
    expect([one.mayBeAskedFrom('p'), one.mayBeAskedFrom('q')]).toEqual([1_000, 1_000]);
    const held = Promise.withResolvers<WitnessResponse>();
    answering = held.promise;
    options.now = () => 5_000;
    const asking = cosign('p');
    expect([one.mayBeAskedFrom('q'), one.isAsked('q'), one.isAsked('p')]).toEqual([6_000, false, true]);
    held.resolve({ status: 404, text: '' });
    await expect(asking).rejects.toThrow(NotCosigned);
    expect([one.mayBeAskedFrom('p'), one.mayBeAskedFrom('q')]).toEqual([6_000, 0]);
  });

  it('are given up when their time is over if they never answer', async () => {
    const { grow, trees, signed, cosigned, told } = await world('none');
    await grow(3);
    const cosigning = new Cosigning({
      ...{ trees, signed, cosigned, key: ledgerKey.key, host: 'ledger.example', policy: policyIn(`${lines}quorum none`), now: () => 0 },
      ask: (_url, _body, signal) =>
        new Promise((_, failed) => {
          signal.addEventListener('abort', () => {
            failed(new Error('aborted'));
          });
        }),
      observer: { troubled: (why) => void told.push(why), recovered: () => undefined, waiting: () => undefined },
      patience: { answer: 20, retry: 1_000, retryAtMost: 1_000 },
    });
    await cosigning.round('p', stop.signal);
    expect(told).toEqual(
      ['a', 'b'].map((one) => `the witness ${one} can’t be asked at https://${one}.example: it did not answer within 0.02 s`),
    );
  });

  it.each([
    [
      { status: 404, text: 'no key' },
      'the witness a does not know the key that signs checkpoints of p: give it the line that `ledger key` prints (it says: no key)',
      false,
    ],
    [
      { status: 403, text: '' },
      'the witness a does not know the key that signs checkpoints of p: give it the line that `ledger key` prints',
      false,
    ],
    [{ status: 422, text: '' }, 'the witness a has cosigned another history of p than this ledger has', true],
    [{ status: 409, text: '0\n' }, 'the witness a has cosigned another history of p than this ledger has', true],
    [
      { status: 409, text: '9\n' },
      'the witness a has cosigned 9 records of p, and this ledger has signed 3: it was put back to an older copy, or something else signs with its key',
      true,
    ],
    [{ status: 409, text: 'many' }, 'the witness a answered 409 without a size', false],
    [{ status: 500, text: 'the disk is full\n' }, 'the witness a answered 500 (it says: the disk is full)', false],
    [{ status: 200, text: 'yes\n' }, 'the witness a answered with no cosignature: a signature must be written as: — name base64', false],
    [{ status: 200, text: '— other.example AAAAAAE=\n' }, 'the witness a cosigned with another key than a.example/w of the policy', false],
  ])('are reported once if they answer %j, and their answers are not kept', async (answer, why, grave) => {
    const { grow, cosigning, served, instead, told, clock } = await world('b');
    instead.set('https://a.example', () => Promise.resolve(answer));
    await grow(3);
    await cosigning.round('p', stop.signal);
    clock.now += 10_000;
    await cosigning.round('p', stop.signal);
    await cosigning.ended();
    expect(told).toEqual([[why, grave]]);
    expect(await served()).toEqual([3, 'ledger', 'b']);
  });
});

describe('the checkpoint that readers get', () => {
  it('is the newest with enough cosignatures, and never older', async () => {
    const { grow, cosigning, served, instead, clock } = await world('b');
    await grow(3);
    expect(await served()).toEqual([3, 'ledger']);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a', 'b']);
    instead.set('https://b.example', away);
    await grow(2);
    await cosigning.round('p', stop.signal);
    await grow(2);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a', 'b']);
    instead.clear();
    clock.now += 4_000;
    await grow(2);
    await cosigning.round('p', stop.signal);
    await cosigning.ended();
    expect(await served()).toEqual([9, 'ledger', 'a', 'b']);
  });

  it('is the newest signed one, with the cosignatures that it has, if none ever had enough', async () => {
    const { grow, cosigning, served, instead } = await world('b');
    instead.set('https://b.example', away);
    await grow(3);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a']);
    await grow(2);
    expect(await served()).toEqual([5, 'ledger']);
  });

  it('is chosen anew when the policy changes, and forgotten when the key changes', async () => {
    const { grow, cosigning, cosigningBy, served, instead, cosigned } = await world('b');
    await grow(3);
    await cosigning.round('p', stop.signal);
    instead.set('https://b.example', away);
    await grow(2);
    await cosigning.round('p', stop.signal);
    expect(await served()).toEqual([3, 'ledger', 'a', 'b']);
    await cosigningBy(`${lines}quorum a\n`).review('p');
    expect(await served()).toEqual([5, 'ledger', 'a']);
    await cosigningBy(`${lines}quorum none\n`).review('p');
    await grow(1);
    expect(await served()).toEqual([6, 'ledger']);
    const other = new Cosigning({
      ...{ trees: new MemoryTrees(), signed: new MemorySignedHeads(), cosigned, key: keyNamed('x').key, host: 'ledger.example' },
      ...{
        policy: policyIn('quorum none'),
        now: () => 0,
        observer: { troubled: () => undefined, recovered: () => undefined, waiting: () => undefined },
      },
    });
    await other.review('p');
    expect(await cosigned.of('p')).toEqual([]);
  });
});

describe('the cosigning of heads', () => {
  it('reports since when the newest head has waited for the cosignatures that the policy needs', async () => {
    const { grow, cosigning, instead, waiting, clock } = await world('b');
    await grow(3);
    await cosigning.round('p', stop.signal);
    expect(waiting.since).toBeUndefined();
    instead.set('https://b.example', away);
    await grow(2);
    const since = clock.now;
    await cosigning.round('p', stop.signal);
    await grow(2);
    await cosigning.round('p', stop.signal);
    expect(waiting.since).toBe(since);
    instead.clear();
    clock.now += 4_000;
    await cosigning.round('p', stop.signal);
    await cosigning.ended();
    expect(waiting.since).toBeUndefined();
  });

  it('continues as they become due, until it is told to stop', async () => {
    const { grow, cosigning, served, clock } = await world('a');
    await grow(3);
    const due = new CosigningDue();
    due.add(['p', 'no-such-programme'], clock.now);
    const running = new AbortController();
    const ending = cosignAsDue(cosigning, due, () => clock.now, running.signal);
    const until = async (size: number) => {
      while ((await served()).join(' ') !== `${size} ledger a b`) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(3);
    await grow(4);
    due.add(['p'], clock.now);
    await until(7);
    running.abort();
    await ending;
  });

  it('ends with the error if cosignatures can’t be kept', async () => {
    const { grow, trees, signed, clock } = await world('a');
    await grow(3);
    const cosigned = new MemoryCosignedHeads();
    cosigned.of = () => Promise.reject(new Error('the disk is full'));
    const cosigning = new Cosigning({
      ...{ trees, signed, cosigned, key: ledgerKey.key, host: 'ledger.example', policy: policyIn('quorum none'), now: () => clock.now },
      observer: { troubled: () => undefined, recovered: () => undefined, waiting: () => undefined },
    });
    const due = new CosigningDue();
    due.add(['p'], clock.now);
    await expect(cosignAsDue(cosigning, due, () => clock.now, stop.signal)).rejects.toThrow('the disk is full');
  });
});
