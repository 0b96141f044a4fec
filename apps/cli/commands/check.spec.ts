import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeEvidence } from '../../../libs/proof/evidence/evidence.js';
import { evidenceOf, linesOf, newSigners, writeLedger } from '../../../libs/proof/evidence/testing/evidence.js';
import { checkFile, evidenceInWords, statusOfEvidence } from './check.js';

const signers = newSigners();
const lines = linesOf(signers);
let folder: string;
const fileOf = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-check-'));
  const evidence = await evidenceOf(await writeLedger(), signers);
  await writeFile(fileOf('sound'), writeEvidence(evidence));
  await writeFile(fileOf('wrong'), writeEvidence({ ...evidence, initiative: 'j' }));
  await writeFile(fileOf('later'), '{"format":"initiative-ledger/evidence/2"}');
});
afterAll(() => rm(folder, { recursive: true }));

describe('ledger check', () => {
  it('says of sound evidence what it shows, by whose signatures, and what it does not show', async () => {
    const verdict = await checkFile(fileOf('sound'), lines);
    expect(statusOfEvidence(verdict)).toBe(0);
    const words = evidenceInWords(verdict).split('\n');
    expect(words.slice(0, 7).map((line) => line.trimEnd().replaceAll(/ {2,}/g, '  '))).toEqual([
      'SOUND: these are the figures of i in p as of position 22, stated 2024-06-01T06:00:00.000Z',
      '',
      'year  funded  spent  returned  committed  free',
      '2024  292000  32300  3000  0  256700',
      '2025  100000  0  0  35000  65000',
      'in all  392000  32300  3000  35000  321700',
      '',
    ]);
    expect(words.slice(7)).toEqual([
      'Amounts are in minor units, such as tyiyn or cents.',
      'Authority ministry-of-health, status spending, suspended.',
      'Folded from all 15 of its records, which are among the 23 of ledger.example/p.',
      `Signed by ${lines[0]!}`,
      `Cosigned 2024-06-01T06:00:00Z by ${lines[1]!}`,
      'It is not shown that the records are true, nor that others were shown the same history: ask a witness.',
    ]);
  });
  it('says that keys come from the file, if the reader names none', async () => {
    expect(evidenceInWords(await checkFile(fileOf('sound'), []))).toContain('These keys come from the file itself: compare them');
  });
  it('says what is wrong, and what it does not know', async () => {
    const wrong = await checkFile(fileOf('wrong'), lines);
    expect([statusOfEvidence(wrong), evidenceInWords(wrong)]).toEqual([
      1,
      'WRONG: in the document, key is "initiatives/i", and must be "initiatives/j"',
    ]);
    const later = await checkFile(fileOf('later'), lines);
    expect([statusOfEvidence(later), evidenceInWords(later)]).toEqual([
      2,
      'NOT CHECKED: the format is "initiative-ledger/evidence/2"; this verifier knows initiative-ledger/evidence/1',
    ]);
  });
  it('refuses to begin without a file, or with a line that is no key’s', async () => {
    await expect(checkFile(fileOf('none'), [])).rejects.toThrow(/none can't be read: ENOENT/);
    await expect(checkFile(fileOf('sound'), ['p+1+A'])).rejects.toThrow('p+1+A is not the line of a key: name+number+key');
  });
});
