/**
 * Who notices when the holder of the disk rewrites history: the ledger itself, a witness that cosigned before, and the holder of an old evidence
 * file. Each forger has the keys, makes all later hashes and the statement anew, and removes every cache and memory. docs/proof.md has the table.
 */
import { generateKeyPairSync, hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemorySignedHeads } from '../libs/proof/memory/memory-signed-heads.js';
import { publicKeyOf, verifierIn, type Verifier } from '../libs/proof/notes/signed-note.js';
import { nameOfKey } from '../libs/proof/ports.js';
import { FoldedDocuments } from '../libs/proof/sqlite/folded-documents.js';
import { foldDocuments } from '../libs/proof/statements/fold.js';
import { treeOver } from '../libs/proof/statements/stated-tree.js';
import { tileWidth } from '../libs/proof/tree/tiles.js';
import { followOnce } from '../libs/proof/witness/follow.js';
import { ledgerOverHttp } from '../libs/proof/witness/followed-ledger.js';
import { Witness } from '../libs/proof/witness/witness.js';
import { runLedger, until, type Ended } from './support/ledger-process.js';
import { fundInitiative, type Clients } from './support/programme.js';

/** A served ledger, and its client. */
export type Served = { url: string; clients: Clients; stop(): Promise<void> };

/** The operator, who runs ledgers by name and may put any history in their places. */
export type Operator = {
  /** A folder for files beside the ledgers. */
  readonly folder: string;
  /** Serves a ledger. One that was not made before begins without a record, with a checkpoint key. */
  serve(name: string): Promise<Served>;
  /** Runs a `ledger` command on a ledger. */
  run(name: string, args: readonly string[]): Promise<Ended>;
  /** Copies a ledger that is served, with all that it remembers. */
  copy(name: string, as: string): Promise<void>;
  /** Makes a ledger of the records in a file, with the keys of the ledger `own`, and a memory of signed heads that begins anew. */
  make(name: string, file: string): Promise<void>;
  /** Changes what the read models of a ledger say was spent on initiative `i` of programme `p`, and nothing else. */
  editReadModel(name: string, from: string, to: string): Promise<void>;
  /** Gives a ledger another checkpoint key. */
  changeKey(name: string): Promise<void>;
  close(): Promise<void>;
};

let operator: Operator;
let lines: string[];
let key: Verifier;
let heads: MemorySignedHeads;
const signer = { name: 'chamber.example/witness', key: generateKeyPairSync('ed25519').privateKey };
const at = (name: string) => join(operator.folder, name);
const origin = 'localhost/p';
const [evidence, keptHeads] = ['evidence.json', 'heads.json'];
const witness = () => new Witness({ signer, heads, logs: [key], now: () => Date.now() });
const seenBy = (url: string) =>
  followOnce(
    ledgerOverHttp(url, () => Promise.resolve(undefined)),
    origin,
    [key],
    witness(),
    Date.now(),
  );

/** The answer of a witness to a history that is shorter than the one it cosigned, and whose tiles can't show that it is the same. */
const shorter = /^the ledger shows a checkpoint of \d+ records, and \d+ were cosigned; it does not prove that they are of one history/;

/** Waits until a ledger shows a checkpoint of at least this number of records. */
async function shows(url: string, size: number): Promise<void> {
  const checkpoint = async () => Number((await (await fetch(`${url}/programmes/p/checkpoint`)).text()).split('\n')[1] ?? 0);
  await until(`a checkpoint of ${size} records is shown`, async () => (await checkpoint()) >= size);
}

/** The life of the ledger `own`: what it shows is kept by an auditor, a witness and the holder of evidence. An older copy of it is kept too. */
async function live({ url, clients }: Served): Promise<void> {
  await fundInitiative(clients, '1000');
  await fundInitiative(clients, '2000', 'q');
  const spend = (transactionId: string) => clients.ministry.post('/programmes/p/initiatives/i/spending', { transactionId, amount: '100' });
  expect((await spend('T-1')).status).toBe(201);
  await operator.copy('own', 'older');
  expect((await clients.auditor.post('/programmes/p/statement-orders', {})).status).toBe(201);
  const proven = () => clients.auditor.get('/programmes/p/initiatives/i/evidence');
  await until('there is evidence', async () => (await proven()).status === 200);
  await writeFile(at(evidence), (await proven()).text);
  const [line] = (JSON.parse(await readFile(at(evidence), 'utf8')) as { keys: string[] }).keys;
  key = verifierIn(line ?? '');
  await writeFile(at(keptHeads), (await clients.auditor.get('/heads')).text);
  heads = new MemorySignedHeads();
  await heads.begin(nameOfKey(publicKeyOf(signer.key)));
  expect(await seenBy(url)).toMatchObject({ was: 'cosigned' });
}

/** The history of a programme made anew after a change: numbers stay, every hash fits, and the statement says what the records fold to. */
async function forged(change: (line: string) => string): Promise<string[]> {
  const last = new Map<string, string>();
  const history: string[] = [];
  for (const line of lines) {
    let made = change(line);
    const { programme, type, data } = JSON.parse(made) as { programme: string; type: string; data: { position?: number; root?: string } };
    if (type === 'StatementPublished') made = made.replace(data.root ?? '', await rootOf(history, programme, data.position ?? 0));
    made = made.replace(/"previousHash":"[0-9a-f]{64}"/, `"previousHash":"${last.get(programme) ?? '0'.repeat(64)}"`);
    last.set(programme, hash('sha256', made));
    history.push(made);
  }
  return history;
}
async function rootOf(history: readonly string[], programme: string, position: number): Promise<string> {
  const own = history
    .filter((line) => (JSON.parse(line) as { programme: string }).programme === programme)
    .slice(0, position)
    .map((line, index) => ({ kind: 'record' as const, programme, position: index + 1, bytes: Buffer.from(line), offset: index }));
  const documents = FoldedDocuments.open(':memory:');
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing here has to wait
  const read = async function* () {
    yield own;
  };
  await foldDocuments({ read }, 0, documents);
  const { root } = await treeOver(documents.pages(programme, tileWidth));
  documents.close();
  return Buffer.from(root).toString('hex');
}

async function makeLedger(name: string, history: readonly string[]): Promise<void> {
  await writeFile(at(`${name}.ndjson`), history.map((line) => `${line}\n`).join(''));
  await operator.make(name, at(`${name}.ndjson`));
}
async function served(name: string, use: (ledger: Served) => Promise<void>): Promise<void> {
  const ledger = await operator.serve(name);
  try {
    await use(ledger);
  } finally {
    await ledger.stop();
  }
}
const verify = async (name: string, ...more: string[]) => (await operator.run(name, ['verify', ...more])).code;
/** The result when the holder of the evidence compares it with a ledger. */
const checked = async (url: string) => runLedger(['check', at(evidence), '--against', url]);
const isOfP = (line: string) => (JSON.parse(line) as { programme: string }).programme === 'p';
const count = () => lines.filter(isOfP).length;

/** The rules for finding history that an operator rewrites. */
export function rewrittenHistory(where: string, open: () => Promise<Operator>): void {
  describe(`history that was rewritten ${where}`, () => {
    beforeAll(async () => {
      operator = await open();
      await served('own', live);
      lines = (await operator.run('own', ['export'])).stdout.trimEnd().split('\n');
    });
    afterAll(() => operator.close());

    it('is not found if nothing was rewritten', () =>
      served('own', async ({ url }) => {
        await shows(url, count());
        expect((await seenBy(url)).was).toBe('same');
        expect((await checked(url)).code).toBe(0);
        expect(await verify('own', '--heads', at(keptHeads))).toBe(0);
      }));

    it('with another amount is found by kept heads, the witness and the holder of evidence, not by the ledger', async () => {
      await makeLedger('amount', await forged((line) => line.replace('"amount":"100"', '"amount":"900"')));
      await served('amount', async ({ url }) => {
        await shows(url, count());
        expect(await verify('amount')).toBe(0);
        expect(await verify('amount', '--heads', at(keptHeads))).toBe(1);
        expect(await seenBy(url)).toMatchObject({ was: 'forked' });
        const { code, stdout } = await checked(url);
        expect([code, stdout]).toEqual([
          1,
          expect.stringMatching(/^WRONG: the history of \d+ records that the ledger shows does not extend/),
        ]);
      });
    });

    it('without its last record is found by kept heads, and by the witness and the holder while it is shorter than they know', async () => {
      await makeLedger('shorter', lines.toSpliced(lines.findLastIndex(isOfP), 1));
      await served('shorter', async ({ url, clients: { ministry } }) => {
        await shows(url, count() - 1);
        expect(await verify('shorter')).toBe(0);
        expect(await verify('shorter', '--heads', at(keptHeads))).toBe(1);
        expect(await seenBy(url)).toMatchObject({ was: 'refused', why: expect.stringMatching(shorter) });
        const { code, stdout } = await checked(url);
        expect([code, stdout]).toEqual([
          1,
          expect.stringMatching(/^WRONG: the ledger shows a history of \d+ records, and the evidence is of one with \d+/),
        ]);
        // It continues with other records: from then on it is a fork.
        for (const transactionId of ['T-8', 'T-9'])
          await ministry.post('/programmes/p/initiatives/i/spending', { transactionId, amount: '1' });
        await shows(url, count() + 1);
        expect(await seenBy(url)).toMatchObject({ was: 'forked' });
      });
    });

    it('to an older copy of everything is found by kept heads, the witness and the holder', () =>
      served('older', async ({ url }) => {
        await shows(url, 1);
        expect(await verify('older')).toBe(0);
        expect(await verify('older', '--heads', at(keptHeads))).toBe(1);
        expect(await seenBy(url)).toMatchObject({ was: 'refused', why: expect.stringMatching(shorter) });
        expect((await checked(url)).code).toBe(1);
      }));

    it('with two programmes swapped is found by kept heads, the witness and the holder', async () => {
      const swapped = (line: string) =>
        line.includes('"programme":"p"')
          ? line.replace('"programme":"p"', '"programme":"q"')
          : line.replace('"programme":"q"', '"programme":"p"');
      await makeLedger('swapped', await forged(swapped));
      await served('swapped', async ({ url }) => {
        await shows(url, 4);
        expect(await verify('swapped', '--heads', at(keptHeads))).toBe(1);
        expect((await seenBy(url)).was).not.toMatch(/same|cosigned/);
        expect((await checked(url)).code).toBe(1);
      });
    });

    it('in a read model alone is found by verify; no record changed, so nobody else has anything to find', async () => {
      await makeLedger('edited', lines);
      await served('edited', ({ url }) => shows(url, count()));
      await operator.editReadModel('edited', '100', '900');
      const { code, stdout } = await operator.run('edited', ['verify']);
      expect([code, stdout]).toEqual([1, expect.stringContaining('the document p/i of initiatives')]);
      await served('edited', async ({ url, clients }) => {
        expect((await clients.anyone.get('/programmes/p/initiatives/i')).body).toMatchObject({ spent: '900' });
        expect((await seenBy(url)).was).toMatch(/same|cosigned/);
        expect((await checked(url)).code).toBe(0);
      });
    });

    it('with another key is found by the witness and the holder, who do not know the key', async () => {
      await makeLedger('rekeyed', lines);
      await operator.changeKey('rekeyed');
      await served('rekeyed', async ({ url }) => {
        await shows(url, count());
        await expect(seenBy(url)).rejects.toThrow(/key/);
        const { code, stdout } = await checked(url);
        expect([code, stdout]).toEqual([
          1,
          expect.stringMatching(/^WRONG: the ledger shows a checkpoint that the key of the evidence did not sign/),
        ]);
      });
    });
  });
}
