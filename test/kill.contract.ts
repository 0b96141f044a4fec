import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headIn, openCheckpoint } from '../libs/proof/notes/checkpoint.js';
import { verifierIn } from '../libs/proof/notes/signed-note.js';
import { TiledTree } from '../libs/proof/tree/tiled-tree.js';
import { tilePath } from '../libs/proof/tree/tiles.js';
import { isExtended } from '../libs/proof/tree/verify.js';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, until, type LedgerProcess } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';

const senders = 16;

/** A repeatable sequence of numbers below `limit` (Lehmer, MINSTD). */
function* numbers(seed: number, limit: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state % limit;
  }
}

/** The rounds of one test, which none outlasts on a busy machine. */
const roundsOfTest = 5;

/** Kills a ledger under load `rounds` times, a multiple of five. */
export function killedUnderLoad(rounds: number): void {
  describe('kill -9 under load', () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let ledger: LedgerProcess | undefined;
    const acknowledged = new Map<string, { position: number; hash: string }>();
    /** Every checkpoint that was handed out. */
    const checkpoints = new Set<string>();

    beforeAll(async () => {
      folder = await temporaryFolder();
      ledger = await startLedger(folder.path);
      await fundInitiative(await clientsFor(ledger.url, folder.path), '999999999999');
      await ledger.stop();
    });
    afterAll(async () => {
      await ledger?.stop();
      await folder.remove();
    });

    const moments = numbers(20_261_123, 250);
    let sent = 0;
    const fives = Array.from({ length: rounds / roundsOfTest }, (_, index) => (index + 1) * roundsOfTest);
    it.each(fives)('loses nothing acknowledged and doubles nothing, %i times', async () => {
      const token = await tokenFor(folder.path, 'ministry', 'ministry-of-justice');
      for (let round = 0; round < roundsOfTest; round++) {
        const running = await startLedger(folder.path);
        ledger = running;
        const client = new Client(running.url, token);
        const killAfter = acknowledged.size + 1 + moments.next().value;
        const inFlight: string[] = [];
        let killed: Promise<unknown> | undefined;
        const sender = async () => {
          while (!killed) {
            const id = `c-${sent++}`;
            inFlight.push(id);
            const answer = await client
              .post('/programmes/p/initiatives/i/spending', { transactionId: id, amount: '1' }, { 'idempotency-key': id })
              .catch(() => undefined);
            if (!answer) return;
            expect(answer.status).toBe(201);
            acknowledged.set(id, { position: Number(answer.body['position']), hash: String(answer.body['hash']) });
            if (acknowledged.size >= killAfter) killed ??= running.kill();
          }
        };
        const watcher = async () => {
          while (!killed) {
            const { status, text } = await client.get('/programmes/p/checkpoint').catch(() => ({ status: 0, text: '' }));
            if (status === 200) checkpoints.add(text);
          }
        };
        await Promise.all([watcher(), ...Array.from({ length: senders }, sender)]);
        expect((await running.ended).signal).toBe('SIGKILL');

        // The same ids again: acknowledged commands get their first receipt, unanswered ones are decided at most once.
        ledger = await startLedger(folder.path);
        const again = new Client(ledger.url, token);
        for (const id of inFlight) {
          const answer = await again.post(
            '/programmes/p/initiatives/i/spending',
            { transactionId: id, amount: '1' },
            { 'idempotency-key': id },
          );
          const receipt = { position: Number(answer.body['position']), hash: String(answer.body['hash']) };
          const before = acknowledged.get(id);
          if (before) {
            expect(receipt).toEqual(before);
            expect(answer.headers.get('idempotency-replayed')).toBe('true');
          } else acknowledged.set(id, receipt);
        }
        await ledger.kill();
      }
    });

    it('leaves every acknowledged command exactly once and a checkpoint that extends each earlier one, and verify passes', async () => {
      const running = await startLedger(folder.path);
      ledger = running;
      const { auditor } = await clientsFor(running.url, folder.path);
      const { text } = await auditor.get('/programmes/p/records?after=0');
      const records = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { position: number; commandId: string; type: string; version: number });
      const anyone = new Client(running.url);
      let last = '';
      await until('the last record is in a checkpoint', async () => {
        last = (await anyone.get('/programmes/p/checkpoint')).text;
        return headIn(last).size === records.length;
      });
      const tree = new TiledTree(records.length, async (tile) => {
        const response = await fetch(`${running.url}/programmes/p/tile/${tilePath(tile)}`);
        return Buffer.from(await response.arrayBuffer());
      });
      const verifier = verifierIn((await runLedger(['key'], { DATA_DIR: folder.path })).stdout.trim());
      expect(checkpoints.size).toBeGreaterThan(0);
      for (const kept of [...checkpoints, last]) {
        const head = openCheckpoint(kept, verifier);
        expect([head.size, isExtended(head, openCheckpoint(last, verifier), await tree.consistency(head.size))]).toEqual([head.size, true]);
      }
      await running.stop();

      expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index + 1));
      const spending = records.filter(({ type }) => type === 'SpendingRecorded');
      expect(new Map(spending.map(({ commandId, position }) => [commandId, position]))).toEqual(
        new Map([...acknowledged].map(([id, { position }]) => [id, position])),
      );
      expect(spending.map(({ version }) => version)).toEqual(spending.map((_, index) => index + 3));

      const verified = await runLedger(['verify', '--json'], { DATA_DIR: folder.path });
      expect(verified.stderr).toBe('');
      expect(verified.code).toBe(0);
    });
  });
}
