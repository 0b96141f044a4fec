import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { leafHash } from '../tree/hashing.js';
import { signCheckpoint } from './checkpoint.js';
import { cosign, cosignatureOn, cosignaturesIn, cosignersOf, withCosignature } from './cosignature.js';
import { keyIdOf, ProofRefused, readNote, verifierIn, verifierLine, verifierOf, type Signer } from './signed-note.js';

const keyNamed = (name: string): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey });
const ledger = keyNamed('ledger.example/p');
const [chamber, parliament] = [keyNamed('chamber.example/w'), keyNamed('parliament.example/w')];
const checkpoint = (size = 5) => signCheckpoint({ origin: ledger.name, size, root: leafHash(Buffer.from(`${size}`)) }, ledger);
const textOf = (note: string) => readNote(note).text;
const cosigned = (note: string, signer: Signer, at: number) => withCosignature(note, cosign(textOf(note), signer, at));

describe('a cosignature', () => {
  it('is read with its moment by a reader who knows the key', () => {
    const note = cosigned(checkpoint(), chamber, 1_700_000_000);
    expect(cosignatureOn(note, verifierOf(chamber))).toEqual({ verifier: verifierOf(chamber), at: 1_700_000_000 });
    expect(cosignatureOn(note, verifierOf(parliament))).toBeUndefined();
    expect(cosignatureOn(checkpoint(), verifierOf(chamber))).toBeUndefined();
  });

  it('takes the place of an earlier one by the same key, and stands beside those of others', () => {
    let note = cosigned(cosigned(checkpoint(), chamber, 1_700_000_000), parliament, 1_700_000_100);
    note = cosigned(note, chamber, 1_700_000_200);
    expect(readNote(note).signatures.map(({ name }) => name)).toEqual(['ledger.example/p', 'parliament.example/w', 'chamber.example/w']);
    expect(cosignatureOn(note, verifierOf(chamber))?.at).toBe(1_700_000_200);
    expect(cosignatureOn(note, verifierOf(parliament))?.at).toBe(1_700_000_100);
  });

  it('is named with its moment and told apart from the ledger’s own signature; an impossible moment is left out', () => {
    expect(cosignersOf(checkpoint())).toEqual([]);
    const note = cosigned(cosigned(checkpoint(), parliament, 1_700_000_100), chamber, 1_700_000_000);
    expect(cosignersOf(note)).toEqual([
      { name: 'parliament.example/w', at: 1_700_000_100 },
      { name: 'chamber.example/w', at: 1_700_000_000 },
    ]);
    const [last, none] = [8_640_000_000_000, 8_640_000_000_001];
    expect(cosignersOf(cosigned(cosigned(checkpoint(), parliament, none), chamber, last))).toEqual([
      { name: 'chamber.example/w', at: last },
    ]);
    expect(() => new Date(last * 1_000).toISOString()).not.toThrow();
  });

  it('is refused on another checkpoint, with another moment, and cut short', () => {
    const line = cosign(textOf(checkpoint()), chamber, 1_700_000_000);
    const refused = 'the cosignature of chamber.example/w is not of this checkpoint and key';
    expect(() => cosignatureOn(withCosignature(checkpoint(6), line), verifierOf(chamber))).toThrow(refused);
    const [start = '', encoded = ''] = line.trimEnd().split(/ (?=[^ ]+$)/);
    const changed = (change: (bytes: Buffer) => Buffer) => `${start} ${change(Buffer.from(encoded, 'base64')).toString('base64')}\n`;
    const later = changed((bytes) => {
      bytes.writeUInt8((bytes[11] ?? 0) ^ 1, 11);
      return bytes;
    });
    for (const wrong of [later, changed((bytes) => bytes.subarray(0, -1)), changed((bytes) => Buffer.concat([bytes, Buffer.of(0)]))])
      expect(() => cosignatureOn(withCosignature(checkpoint(), wrong), verifierOf(chamber))).toThrow(refused);
  });

  it('is of a key whose number and line are not those of a log’s key', () => {
    const verifier = verifierOf(chamber);
    expect(keyIdOf(verifier, 'witness')).not.toBe(keyIdOf(verifier));
    const line = verifierLine(verifier, 'witness');
    expect(verifierIn(line, 'witness')).toEqual({ ...verifier, publicKey: Uint8Array.from(verifier.publicKey) });
    expect(() => verifierIn(line)).toThrow('the key chamber.example/w is that of a witness, and that of a log is needed');
    expect(() => verifierIn(verifierLine(verifier), 'witness')).toThrow(
      'the key chamber.example/w is that of a log, and that of a witness is needed',
    );
  });
});

describe('a witness’s answer', () => {
  const text = textOf(checkpoint());
  const [own, other] = [cosign(text, chamber, 1_700_000_000), cosign(text, parliament, 1_700_000_000)];

  it('is accepted as far as its keys are known', () => {
    expect(cosignaturesIn(own + other, text, [verifierOf(chamber)])).toEqual([own]);
    expect(cosignaturesIn(own + other, text, [verifierOf(chamber), verifierOf(parliament)])).toEqual([own, other]);
    expect(cosignaturesIn(other, text, [verifierOf(chamber)])).toEqual([]);
  });

  it('is refused if it is no line, or a line that its key did not make', () => {
    for (const wrong of ['', 'yes\n', own.trimEnd(), `${own}\n`])
      expect(() => cosignaturesIn(wrong, text, [verifierOf(chamber)])).toThrow(ProofRefused);
    expect(() => cosignaturesIn(own, textOf(checkpoint(6)), [verifierOf(chamber)])).toThrow('the cosignature of chamber.example/w is not');
  });
});
