import { setTimeout as pause } from 'node:timers/promises';
import type { Tokens } from '../../test/support/long-history.js';

/** Senders at a time, and readers of each kind. */
const senders = 8;
/** Milliseconds between the requests of one of them. */
const rest = 50;

export type Honest = { took: number[]; acknowledged: string[]; failed: number };

/** Commands and reads at a steady pace, from the moment they are asked until they are answered; a 503 is asked again. */
export async function honestLoad(url: string, { ministry }: Tokens, signal: AbortSignal): Promise<Honest> {
  const honest: Honest = { took: [], acknowledged: [], failed: 0 };
  const headers = { authorization: `Bearer ${ministry}` };
  let sent = 0;
  /** Asks until it is answered with a success. */
  const ask = async (path: string, request: RequestInit): Promise<void> => {
    const began = performance.now();
    for (;;) {
      const answer = await fetch(url + path, request);
      await answer.arrayBuffer();
      if (answer.ok) break;
      if (answer.status !== 503) throw new Error(`${path} was answered ${answer.status}`);
      honest.failed++;
      await pause(rest);
    }
    honest.took.push(performance.now() - began);
  };
  const repeat = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work();
      await pause(rest);
    }
  };
  const spend = async () => {
    const id = `H-${sent++}`;
    await ask(`/programmes/p/initiatives/i-${sent % 1_000}/spending`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ transactionId: id, amount: '1' }),
    });
    honest.acknowledged.push(id);
  };
  await Promise.all([
    ...Array.from({ length: senders }, () => repeat(spend)),
    repeat(() => ask('/programmes/p/initiatives/i-7', { headers })),
    repeat(() => ask('/programmes/p', { headers })),
    repeat(() => ask('/health/live', {})),
  ]);
  return honest;
}
