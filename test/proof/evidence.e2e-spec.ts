/** Three verifiers that share no code but the format's say the same of evidence, sound or changed: ours, one in Python, and a page in a real browser. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkEvidence } from '../../libs/proof/evidence/check-evidence.js';
import { writeEvidence, type Evidence } from '../../libs/proof/evidence/evidence.js';
import { keyIn } from '../../libs/proof/evidence/keys.js';
import { evidenceOf, linesOf, newSigners, writeLedger } from '../../libs/proof/evidence/testing/evidence.js';
import { ended, runLedger } from '../support/ledger-process.js';
import { Mutations, randomFrom, type Mutated } from './mutations.js';

const python = existsSync('reports/proof/python/bin/python') ? resolve('reports/proof/python/bin/python') : 'python3';
const signers = newSigners();
const lines = linesOf(signers);
const keys = lines.flatMap((line) => keyIn(line) ?? []);

let folder: string;
let evidence: Evidence;
let sound: Buffer;
let mutated: Mutated[];

type Verdict = { verdict: string; fault?: { code: string; text: string } };
/** What this code says, as in JSON. */
const byUs = (bytes: Uint8Array, required = keys): Verdict =>
  JSON.parse(
    JSON.stringify(checkEvidence(bytes, required), (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Verdict;

/** What Python’s verifier says of many files. */
async function byPython(files: readonly Buffer[], required = lines): Promise<Verdict[]> {
  const child = spawn(python, ['test/proof/check_each.py', ...required], { stdio: ['pipe', 'pipe', 'pipe'] });
  const done = ended(child);
  for (const bytes of files) child.stdin.write(`${bytes.toString('base64')}\n`);
  child.stdin.end();
  const { stdout, stderr, code } = await done;
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-evidence-'));
  const written = await writeLedger();
  evidence = await evidenceOf(written, signers);
  sound = Buffer.from(writeEvidence(evidence));
  const made = new Mutations(written, evidence, signers, randomFrom(20_261_130));
  mutated = [];
  for (let at = 0; at < 10_000; at++) mutated.push(at % 10 < 5 ? made.bytewise() : at % 10 < 8 ? made.fieldwise() : await made.dishonest());
});
afterAll(() => rm(folder, { recursive: true }));

describe('Python’s verifier', () => {
  it('says the same as ours of 10,000 changed files', async () => {
    const said = await byPython(mutated.map(({ bytes }) => bytes));
    const differing = mutated.flatMap(({ what, bytes }, at) => {
      const [own, other] = [byUs(bytes), said[at]];
      return JSON.stringify(own) === JSON.stringify(other) ? [] : [{ what, own, other }];
    });
    expect(differing).toEqual([]);
  });
});
