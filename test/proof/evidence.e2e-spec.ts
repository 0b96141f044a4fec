/** Three verifiers that share no code but the format's say the same of evidence, sound or changed: ours, one in Python, and a page in a real browser. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults, RunOptions } from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { checkEvidence } from '../../libs/proof/evidence/check-evidence.js';
import { writeEvidence } from '../../libs/proof/evidence/evidence.js';
import { keyIn } from '../../libs/proof/evidence/keys.js';
import { evidenceOf, linesOf, newSigners, signerNamed, writeLedger } from '../../libs/proof/evidence/testing/evidence.js';
import { verifierLine, verifierOf } from '../../libs/proof/notes/signed-note.js';
import { openBrowser } from '../browser/browser.js';
import { cutOff } from '../browser/cut-off.js';
import { ended, runLedger, startLedger } from '../support/ledger-process.js';
import { Mutations, randomFrom, sameFacts, type Mutated } from './mutations.js';

const python = resolve('reports/proof/python/bin/python');
const signers = newSigners();
const lines = linesOf(signers);
const keys = lines.flatMap((line) => keyIn(line) ?? []);

let folder: string;
let sound: Buffer;
/** Files that somebody changed, and files that a dishonest ledger wrote and signed. */
let changed: Mutated[];
let dishonest: Mutated[];
/** The verdicts of this code on each of them, in this order. */
let byUsOfAll: Verdict[];

type Verdict = { verdict: string; fault?: { code: string; text: string } };
/** A verdict of this code, as in JSON. */
const byUs = (bytes: Uint8Array, required = keys): Verdict =>
  JSON.parse(
    JSON.stringify(checkEvidence(bytes, required), (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Verdict;

/** The verdicts of Python’s verifier on many files. */
async function byPython(files: readonly Mutated[]): Promise<Verdict[]> {
  const child = spawn(python, ['test/proof/check_each.py', ...lines], { stdio: ['pipe', 'pipe', 'pipe'] });
  const done = ended(child);
  for (const { bytes } of files) child.stdin.write(`${bytes.toString('base64')}\n`);
  child.stdin.end();
  const { stdout, stderr, code } = await done;
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const said = stdout.trimEnd().split('\n');
  expect(said).toHaveLength(files.length);
  return said.map((line) => JSON.parse(line) as Verdict);
}

/** The files on which another verifier differs. */
const differing = (said: readonly Verdict[]) =>
  [...changed, ...dishonest].flatMap(({ what }, at) => {
    const own = byUsOfAll[at];
    return isDeepStrictEqual(own, said[at]) ? [] : [{ what, own, other: said[at] }];
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-evidence-'));
  const written = await writeLedger();
  const evidence = await evidenceOf(written, signers);
  sound = Buffer.from(writeEvidence(evidence));
  await writeFile(join(folder, 'sound.json'), sound);
  const made = new Mutations(written, evidence, signers, randomFrom(20_261_130));
  changed = Array.from({ length: 8_000 }, (_, at) => (at % 8 < 5 ? made.bytewise() : made.fieldwise()));
  dishonest = [];
  for (let at = 0; at < 2_000; at++) dishonest.push(await made.dishonest());
  byUsOfAll = [...changed, ...dishonest].map(({ bytes }) => byUs(bytes));
});
afterAll(() => rm(folder, { recursive: true }));

describe('evidence', () => {
  it('is refused once a fact in it is changed, and is sound if none is', () => {
    const wrongly = changed.flatMap(({ what, bytes }, at) => {
      const verdict = byUsOfAll[at];
      return (verdict?.verdict === 'sound') === sameFacts(sound, bytes, lines) ? [] : [{ what, verdict }];
    });
    expect(wrongly).toEqual([]);
    expect(changed.filter(({ bytes }) => sameFacts(sound, bytes, lines)).length).toBeGreaterThan(100);
  });

  it('of a dishonest ledger is sound only with the figures that its records fold to', () => {
    const { verdict, ...proved } = byUs(sound);
    expect(verdict).toBe('sound');
    const codes = new Set<string>();
    for (const said of byUsOfAll.slice(changed.length)) {
      codes.add(said.fault?.code ?? said.verdict);
      // A change that nobody can see in the file itself, such as the text of a payment. The figures are the true ones.
      if (said.verdict === 'sound')
        expect(said).toMatchObject({
          ...proved,
          checkpoint: expect.anything(),
          recordedAt: expect.anything(),
          position: expect.anything(),
        });
    }
    for (const code of ['figure', 'document-says', 'record-says', 'record-shape', 'schema', 'event-type', 'definition'])
      expect(codes).toContain(code);
  });
});

describe('ledger check and Python’s verifier', () => {
  it('say the same of 10,000 changed files', async () => {
    expect(differing(await byPython([...changed, ...dishonest]))).toEqual([]);
  });

  it('end with status 0 for sound evidence, 1 for wrong, 2 for what can’t be checked, and print the same JSON', async () => {
    const wrong = join(folder, 'wrong.json');
    const later = join(folder, 'later.json');
    await writeFile(wrong, sound.toString().replace('"position":4', '"position":5'));
    await writeFile(later, sound.toString().replace('evidence/1', 'evidence/2'));
    const required = lines.flatMap((line) => ['--key', line]);
    const runs = [
      ['sound.json', 0, required],
      ['sound.json', 0, []],
      ['wrong.json', 1, []],
      ['later.json', 2, []],
      ['sound.json', 1, ['--key', verifierLine(verifierOf(signerNamed('ledger.example/p')))]],
    ] as const;
    for (const [name, status, options] of runs) {
      const args = [join(folder, name), ...options, '--json'];
      const own = await runLedger(['check', ...args]);
      const other = await ended(spawn(python, ['verifiers/check_evidence.py', ...args]));
      expect({ name, own: own.code, other: other.code }).toEqual({ name, own: status, other: status });
      expect(JSON.parse(other.stdout)).toEqual(JSON.parse(own.stdout));
    }
    const none = [join(folder, 'none.json')];
    expect((await runLedger(['check', ...none])).code).toBe(2);
    expect((await ended(spawn(python, ['verifiers/check_evidence.py', ...none]))).code).toBe(2);
  });

  it('are short: the one in Python has at most 300 lines', async () => {
    const text = await readFile('verifiers/check_evidence.py', 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(300);
    const imported = [...text.matchAll(/^\s*(?:import|from) ([\w., ]+?)(?: import .*)?$/gm)].flatMap(([, names]) => names!.split(', '));
    const packages = new Set(imported.map((name) => name.split('.')[0]));
    expect([...packages].sort()).toEqual(['argparse', 'base64', 'cryptography', 'datetime', 'hashlib', 'json', 'pathlib', 're', 'sys']);
  });
});

describe('the page, opened from a disk without a network', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const requested: string[] = [];
  const complaints: string[] = [];
  const address = pathToFileURL('verifiers/check-evidence.html').href;

  beforeAll(async () => {
    browser = await openBrowser();
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 1_024 } });
    await context.setOffline(true);
    page = await context.newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
  });
  afterAll(() => browser.close());

  /** Chooses a file, and waits for what the page says of it. */
  async function choose(bytes: Buffer): Promise<{ verdict: string | null; code: string | null; found: string | null }> {
    await page.setInputFiles('#file', []);
    await page.evaluate(() => {
      document.querySelector('#result')!.removeAttribute('data-verdict');
    });
    await page.setInputFiles('#file', { name: 'evidence.json', mimeType: 'application/json', buffer: bytes });
    const result = page.locator('#result[data-verdict]');
    await result.waitFor({ state: 'attached' });
    return {
      verdict: await result.getAttribute('data-verdict'),
      code: await result.getAttribute('data-code'),
      found: await page.locator('#found').textContent(),
    };
  }

  it('shows what sound evidence proves, by whose signatures, in three languages', async () => {
    expect(await choose(sound)).toEqual({
      verdict: 'sound',
      code: null,
      found: 'These are the figures of i in the programme p as of position 22.',
    });
    const cells = (await page.locator('tbody tr').first().locator('th, td').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(cells).toEqual(['2024', '292,000 2,920.00', '32,300 323.00', '3,000 30.00', '0 0.00', '256,700 2,567.00']);
    expect(await page.locator('#result').innerText()).toContain('These keys come from the file itself.');
    for (const [language, title] of [
      ['ru', 'Доказательство верно'],
      ['ky', 'Далил туура'],
      ['en', 'The evidence is sound'],
    ] as const) {
      await page.locator(`button[data-language=${language}]`).click();
      expect(await page.locator('#result h2').first().textContent()).toBe(title);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      const funded = (await page.locator('tbody td').first().innerText()).replaceAll(/\s+/g, ' ');
      expect(funded).toBe(language === 'en' ? '292,000 2,920.00' : '292 000 2 920,00');
    }
    expect(await page.locator('#save').isVisible()).toBe(false);
  });

  it('requires the keys that its reader names', async () => {
    await page.locator('summary').click();
    await page.locator('#keys').fill(lines.join('\n'));
    expect((await choose(sound)).verdict).toBe('sound');
    expect(await page.locator('#result').innerText()).toContain('You required these keys.');
    await page.locator('#keys').fill(verifierLine(verifierOf(signerNamed('ledger.example/p'))));
    expect((await choose(sound)).code).toBe('not-signed');
    await page.locator('#keys').fill('p+0+A');
    expect((await choose(sound)).found).toBe('This line is not the line of a key: p+0+A');
    await page.locator('#keys').fill(lines.join('\n'));
  });

  it('says in words what is wrong with each of 500 changed files that a person chooses', async () => {
    for (const { what, bytes } of [...changed.slice(0, 350), ...dishonest.slice(0, 150)]) {
      const own = byUs(bytes);
      const { verdict, code, found } = await choose(bytes);
      expect({ what, verdict, code }).toEqual({ what, verdict: own.verdict, code: own.fault?.code ?? null });
      if (own.fault) expect(found).toBe(own.fault.text);
    }
  });

  it('says the same as ledger check and Python’s verifier of all 10,000', async () => {
    const files = [...changed, ...dishonest];
    const said: Verdict[] = [];
    for (let from = 0; from < files.length; from += 500) {
      const texts = files.slice(from, from + 500).map(({ bytes }) => bytes.toString('base64'));
      said.push(...(await page.evaluate(checkAll, { texts, lines })));
    }
    expect(differing(said)).toEqual([]);
  });

  it('loads nothing else, and its own policy stops nothing that it does', () => {
    expect(requested).toEqual([address]);
    expect(complaints).toEqual([]);
  });

  it('keeps the standards with sound evidence and with wrong: valid HTML, WCAG 2.2 AA in light and dark, and nothing cut off at 400 %', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
    await page.evaluate(axe);
    for (const bytes of [sound, Buffer.from('{}')]) {
      await choose(bytes);
      const { results } = await validator.validateString(await page.content());
      expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual([]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1_280, 390, 320]) {
          await page.setViewportSize({ width, height: 640 });
          expect(await cutOff(page)).toEqual([]);
          expect(await page.evaluate(violations)).toEqual([]);
        }
      }
    }
  });

  it('is served by a ledger too, checks there, and is saved byte for byte', async () => {
    const ledger = await startLedger(join(folder, 'data'));
    const online = await browser.newContext({ locale: 'ky-KG', acceptDownloads: true });
    try {
      const served = await online.newPage();
      const asked: string[] = [];
      served.on('request', (request) => asked.push(request.url()));
      await served.goto(`${ledger.url}/check-evidence`);
      await served.setInputFiles('#file', join(folder, 'sound.json'));
      await served.locator('#result[data-verdict=sound]').waitFor();
      expect(await served.locator('h1').textContent()).toBe('Далилди текшерүү');
      const saving = served.waitForEvent('download');
      await served.locator('#save a').click();
      const saved = await (await saving).path();
      expect(await readFile(saved, 'utf8')).toBe(await readFile('verifiers/check-evidence.html', 'utf8'));
      expect(new Set(asked)).toEqual(new Set([`${ledger.url}/check-evidence`]));
    } finally {
      await online.close();
      await ledger.stop();
    }
  });
});

/** In the page: what axe finds. */
async function violations(): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } };
  const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** In the page: what its verifier says of files, with its sentences in English. */
async function checkAll({ texts, lines: required }: { texts: readonly string[]; lines: readonly string[] }): Promise<Verdict[]> {
  type Found = { verdict: string; fault?: { code: string; values: object } };
  const own = globalThis as unknown as {
    keyOf: (line: string) => Promise<object>;
    verdictOn: (bytes: Uint8Array, keys: readonly object[]) => Promise<Found>;
    sentence: (fault: object, language: string) => string;
  };
  const all: Verdict[] = [];
  const ofReader = await Promise.all(required.map((line) => own.keyOf(line)));
  for (const text of texts) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const { fault, ...found } = await own.verdictOn(bytes, ofReader);
    all.push({ ...found, ...(fault && { fault: { code: fault.code, text: own.sentence(fault, 'en') } }) });
  }
  return all;
}
