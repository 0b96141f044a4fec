/** Measures spending that is drawn from commitments beside spending that is not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsOf } from './commands.js';
import { openDirectLedger } from './direct-ledger.js';
import { compare, rate, type Comparison } from './rounds.js';

const initiatives = 1_000;
const spendings = 60_000;

/** Both kinds decided and recorded in group commits; the yardstick is spending without a commitment. */
export async function measureDrawnSpending(rounds: number): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const onLost = (error: unknown): never => {
    throw error;
  };
  const recording = (drawn: boolean) => async (round: number) => {
    const first = 1 + (drawn ? 3 : 2) * initiatives;
    const all = [...commandsOf({ initiatives, count: first + spendings, drawn })];
    const ledger = await openDirectLedger(join(folder, `${drawn ? 'drawn' : 'free'}-${round}.sqlite`), onLost);
    await ledger.submit(all.slice(0, first));
    const measured = await rate(spendings, async () => {
      for (let from = first; from < all.length; from += 20_000) await ledger.submit(all.slice(from, from + 20_000));
    });
    await ledger.close();
    return measured;
  };
  try {
    await recording(true)(rounds);
    // A drawn spending may take 1.3 times as long.
    return await compare('spending drawn from a commitment', 'commands/s', 0.77, rounds, recording(true), recording(false));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
