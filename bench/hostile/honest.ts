import { setTimeout as pause } from 'node:timers/promises';
import type { Tokens } from '../../test/support/long-history.js';

/** The number of senders, and of readers of each kind. */
const senders = 8;
/** Milliseconds between the requests of one client. */
const rest = 50;

/** The status given to a request whose connection ended before its answer. */
const unanswered = 0;

/** The requests of honest clients. */
export const kinds = ['command', 'read', 'health'] as const;
export type Kind = (typeof kinds)[number];

/** Durations in milliseconds by kind, the acknowledged commands, and how many requests got 503 or no answer and were sent again. */
export type Honest = { took: { [K in Kind]: number[] }; acknowledged: string[]; busy: number; unanswered: number };

/** Sends commands and reads at a steady pace, and measures each until its final answer; requests with 503 or no answer are sent again. */
export async function honestLoad(url: string, { ministry }: Tokens, signal: AbortSignal): Promise<Honest> {
  const honest: Honest = { took: { command: [], read: [], health: [] }, acknowledged: [], busy: 0, unanswered: 0 };
  const headers = { authorization: `Bearer ${ministry}` };
  let sent = 0;
  const statusOf = async (path: string, request: RequestInit): Promise<number> => {
    try {
      const answer = await fetch(url + path, request);
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return unanswered;
    }
  };
  /** Repeats a request until it succeeds. */
  const ask = async (kind: Kind, path: string, request: RequestInit): Promise<void> => {
    const began = performance.now();
    for (;;) {
      const status = await statusOf(path, request);
      if (status >= 200 && status < 300) break;
      if (status === unanswered) honest.unanswered++;
      else if (status === 503) honest.busy++;
      else throw new Error(`${path} was answered ${status}`);
      await pause(rest);
    }
    honest.took[kind].push(performance.now() - began);
  };
  const repeat = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work();
      await pause(rest);
    }
  };
  const spend = async () => {
    const id = `H-${sent++}`;
    await ask('command', `/programmes/p/initiatives/i-${sent % 1_000}/spending`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ transactionId: id, amount: '1' }),
    });
    honest.acknowledged.push(id);
  };
  await Promise.all([
    ...Array.from({ length: senders }, () => repeat(spend)),
    repeat(() => ask('read', '/programmes/p/initiatives/i-7', { headers })),
    repeat(() => ask('read', '/programmes/p', { headers })),
    repeat(() => ask('health', '/health/live', {})),
  ]);
  return honest;
}
