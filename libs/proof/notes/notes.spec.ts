import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafOfRecord } from '../tree/hashing.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { grownTiles } from '../tree/tiles.js';
import { TilesInMemory } from '../tree/testing/tiles-in-memory.js';
import { checkpointIn, checkpointText, openCheckpoint, signCheckpoint } from './checkpoint.js';
import { keyIdOf, openNote, ProofRefused, readNote, signNote, verifierIn, verifierLine, verifierOf } from './signed-note.js';
import { checkProof, readProof, writeProof } from './tlog-proof.js';

const keyNamed = (name: string, key: KeyObject = generateKeyPairSync('ed25519').privateKey) => ({ name, key });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a signed note', () => {
  // The example in the documentation of the package that the format began with, golang.org/x/mod/sumdb/note.
  const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  it('of another implementation is opened with the key of its line', () => {
    expect(openNote(note, [verifierIn(line)])).toMatchObject({ text, signedBy: [{ name: 'PeterNeumann' }] });
    expect(keyIdOf(verifierIn(line))).toBe(0xc74f20a3);
    expect(verifierLine(verifierIn(line))).toBe(line);
  });

  it('is signed to the byte as another implementation signs it', () => {
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const jwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      d: seed.toString('base64url'),
      x: Buffer.from(verifierIn(line).publicKey).toString('base64url'),
    };
    expect(signNote(text, [keyNamed('PeterNeumann', createPrivateKey({ key: jwk, format: 'jwk' }))])).toBe(note);
  });

  it('is refused with another key, another name, and signatures of strangers alone', () => {
    const [one, other] = [keyNamed('ledger.example/p'), keyNamed('ledger.example/p')];
    const signed = signNote('text\n', [one]);
    expect(() => openNote(signed, [verifierOf(other)])).toThrow(
      'the note is not signed by ledger.example/p, but by ledger.example/p, or by another key of that name',
    );
    expect(() => openNote(signed, [{ ...verifierOf(one), name: 'ledger.example/q' }])).toThrow(ProofRefused);
    expect(openNote(signNote('text\n', [other, one]), [verifierOf(one)]).signedBy).toEqual([verifierOf(one)]);
  });

  it('is refused if a key’s own signature is of another text', () => {
    const one = keyNamed('ledger.example/p');
    expect(() => openNote(signNote('text\n', [one]).replace('text', 'next'), [verifierOf(one)])).toThrow(
      'the signature of ledger.example/p is not of this text and key',
    );
  });

  it('may have empty lines in its text', () => {
    const one = keyNamed('a');
    expect(readNote(signNote('one\n\ntwo\n', [one])).text).toBe('one\n\ntwo\n');
  });

  it.each([
    ['no empty line', 'text\n— a AAAAAAA=\n'],
    ['no signature', 'text\n\n'],
    ['a signature without its end', 'text\n\n— a AAAAAAA='],
    ['a hyphen for the dash', 'text\n\n- a AAAAAAA=\n'],
    ['a name with a plus', 'text\n\n— a+b AAAAAAA=\n'],
    ['base64 in another spelling', 'text\n\n— a AAAAAAB=\n'],
    ['a key’s number alone', 'text\n\n— a AAAAAA==\n'],
    ['a control character', 'te\txt\n\n— a AAAAAAA=\n'],
    ['no text', '\n\n— a AAAAAAA=\n'],
  ])('with %s is refused', (_, text) => {
    expect(() => readNote(text)).toThrow(ProofRefused);
  });

  it.each([
    'p+00000000+AQ==',
    'p+c74f20a3',
    line.replace('c74f', 'c74e'),
    line.replace('PeterN', 'PaterN'),
    line.replace('+ARp', '+BBp'),
    `x ${line}`,
  ])('is not checked with a key written as %s', (wrong) => {
    expect(() => verifierIn(wrong)).toThrow(ProofRefused);
  });
});

describe('a checkpoint', () => {
  const root = Buffer.from(sha256('root'), 'hex');
  it('is read back as what it was written from', () => {
    const head = fc.record({
      origin: fc.constant('ledger.example/p'),
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(
      fc.property(head, (checkpoint) => {
        const { origin, size, root: read } = checkpointIn(checkpointText(checkpoint));
        expect({ origin, size, root: Uint8Array.from(read) }).toEqual(checkpoint);
      }),
    );
  });

  it('is that of its own origin', () => {
    const signer = keyNamed('ledger.example/p');
    const note = signCheckpoint({ origin: 'ledger.example/q', size: 1, root }, signer);
    expect(() => openCheckpoint(note, verifierOf(signer))).toThrow(
      'the checkpoint is of ledger.example/q, but the key signs for ledger.example/p',
    );
  });

  const encoded = root.toString('base64');
  it.each([
    `o\n01\n${encoded}\n`,
    `o\n-1\n${encoded}\n`,
    `o\n9007199254740993\n${encoded}\n`,
    'o\n1\nAA==\n',
    `\n1\n${encoded}\n`,
    `o\n1\n${encoded}`,
    'o\n1\n',
  ])('%j is none', (text) => {
    expect(() => checkpointIn(text)).toThrow(ProofRefused);
  });
});

describe('a proof of a record', () => {
  const signer = keyNamed('ledger.example/p');
  const records = Array.from({ length: 300 }, (_, index) => sha256(`record ${index + 1}`));
  const proofOf = async (index: number, size: number) => {
    const tiles = new TilesInMemory();
    tiles.put(await grownTiles(0, records.map(leafOfRecord), tiles.read));
    const tree = new TiledTree(300, tiles.read);
    const checkpoint = signCheckpoint({ origin: signer.name, size, root: await tree.root(size) }, signer);
    return writeProof({ index, hashes: await tree.inclusion(index, size), checkpoint });
  };
  const verifier = verifierOf(signer);

  it('of any record, as of any checkpoint that has it, is accepted with that record alone', async () => {
    const places = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
    await fc.assert(
      fc.asyncProperty(places, async ([index, size]) => {
        const proof = await proofOf(index, size);
        expect(checkProof(proof, records[index]!, verifier)).toMatchObject({ position: index + 1, checkpoint: { size } });
        expect(() => checkProof(proof, records[(index + 1) % 300]!, verifier)).toThrow('the record is not the one at position');
        expect(writeProof(readProof(proof))).toBe(proof);
      }),
      { numRuns: 40 },
    );
  });

  it('is refused once any byte of it is changed', async () => {
    const proof = Buffer.from(await proofOf(137, 211));
    fc.assert(
      fc.property(fc.nat(proof.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(proof);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(() => checkProof(changed.toString(), records[137]!, verifier)).toThrow(ProofRefused);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may carry extra data that nobody vouches for', async () => {
    const plain = readProof(await proofOf(0, 1));
    const proof = writeProof({ ...plain, extra: Buffer.from('e-notary') });
    expect(Buffer.from(readProof(proof).extra ?? []).toString()).toBe('e-notary');
    expect(checkProof(proof, records[0]!, verifier).position).toBe(1);
  });

  it.each([
    '',
    'c2sp.org/tlog-proof@v2\nindex 0\n\n',
    'c2sp.org/tlog-proof@v1\n\n',
    'c2sp.org/tlog-proof@v1\nindex 00\n\n',
    'c2sp.org/tlog-proof@v1\nextra ?\nindex 0\n\n',
    'c2sp.org/tlog-proof@v1\nindex 0\nAA==\n\n',
  ])('%j is none', (text) => {
    expect(() => readProof(text)).toThrow(ProofRefused);
  });
});
