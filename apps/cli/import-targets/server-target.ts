import { decodeJwt } from 'jose';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from '../../../libs/domain/commands.js';
import { decodeRecord } from '../../../libs/event-log/record.js';
import { importOrganisation } from '../../../libs/domain/vocabulary.js';
import { longestBatch } from '../../../libs/http/batch.js';
import { ImportStopped, type Answer, type ImportTarget } from '../aims/target.js';
import { lineOf } from '../../../libs/http/batch-line.js';
import { programmeOf } from './lines.js';

/** The most times a request is sent to a ledger that is not available. */
const attempts = 10;

/**
 * Imports into a running ledger. The token must be of an admin of the organisation of imports: nobody else may act for both sides of a funding.
 * @throws {ImportStopped} the token is of another role or organisation
 */
export function serverTarget(server: string, token: string): ImportTarget {
  refuseOtherToken(token);
  return runningLedger(server, token);
}

/** A running ledger for the holder of a token, who sends commands as itself. */
export function runningLedger(server: string, token: string): ImportTarget {
  /** The latest position in the ledger's answers: the next read must be at least that new. */
  let latest = 0;
  const send = (path: string, batch?: string) =>
    persistently(() =>
      fetch(new URL(path, server), {
        redirect: 'error',
        headers: {
          authorization: `Bearer ${token}`,
          ...(batch !== undefined && { 'content-type': 'application/x-ndjson' }),
          ...(batch === undefined && latest > 0 && { 'ledger-position': String(latest) }),
        },
        ...(batch !== undefined && { method: 'POST', body: batch }),
      }),
    );
  return {
    async *records(programme, after) {
      const response = await send(`/programmes/${programme}/records?after=${after}`);
      if (response.status === 404) return;
      if (!response.ok || !response.body) throw await stopped(response);
      for await (const line of createInterface({ input: Readable.from(response.body) })) yield decodeRecord(Buffer.from(line));
    },
    async submitAll(commands, { dryRun = false } = {}) {
      const answers: Answer[] = [];
      for (let from = 0; from < commands.length; from += longestBatch)
        answers.push(...(await batch(commands.slice(from, from + longestBatch), dryRun)));
      return answers;
    },
  };

  async function batch(commands: readonly Command[], dryRun: boolean): Promise<Answer[]> {
    const path = `/programmes/${programmeOf(commands)}/commands${dryRun ? '?dryRun=true' : ''}`;
    const response = await send(path, commands.map(lineOf).join('\n'));
    if (!response.ok) throw await stopped(response);
    const lines = (await response.text()).trimEnd().split('\n');
    return lines.map((text) => {
      const line: unknown = JSON.parse(text);
      latest = Math.max(latest, positionIn(line));
      return answerIn(line);
    });
  }
}

/** Tries again while the ledger is unavailable. Command ids make that safe: a command already decided gets its first outcome. */
async function persistently(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send().catch((cause: unknown) => {
      if (attempt === attempts) throw new ImportStopped('the ledger can’t be reached', { cause });
      return undefined;
    });
    if (response && ((response.status !== 503 && response.status !== 429) || attempt === attempts)) return response;
    await wait(millisecondsUntilRetry(response?.headers.get('retry-after'), Date.now()));
  }
}

/** Milliseconds to wait by a Retry-After header, seconds or a date (RFC 9110, section 10.2.3): one second if it is neither, one minute at most. */
export function millisecondsUntilRetry(retryAfter: string | null | undefined, now: number): number {
  const said = retryAfter ?? '';
  const milliseconds = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now;
  return Number.isNaN(milliseconds) ? 1_000 : Math.min(Math.max(milliseconds, 0), 60_000);
}

async function stopped(response: Response): Promise<ImportStopped> {
  return new ImportStopped(`the ledger answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
}

function refuseOtherToken(token: string): void {
  const { organisation, role } = holderOf(token);
  if (organisation === importOrganisation && role === 'admin') return;
  throw new ImportStopped(`--token must be of an admin of ${importOrganisation}; this one is of ${role} of ${organisation}`);
}

/** The holder of a token, as the token says; the ledger checks it. @throws {ImportStopped} it is no token */
export function holderOf(token: string): { id: string; organisation: string; role: string } {
  const { sub, org, role } = claimsIn(token);
  return { id: String(sub), organisation: String(org), role: String(role) };
}

function claimsIn(token: string): { sub?: unknown; org?: unknown; role?: unknown } {
  try {
    return decodeJwt(token);
  } catch (cause) {
    throw new ImportStopped('--token is not a JSON Web Token', { cause });
  }
}

/** The currency of a programme of a running ledger; `undefined` if there is no such programme. @throws {ImportStopped} */
export async function currencyAt(server: string, token: string, programme: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const response = await persistently(() => fetch(new URL(`/programmes/${programme}`, server), { redirect: 'error', headers }));
  if (response.status === 404) return undefined;
  if (!response.ok) throw await stopped(response);
  const found: unknown = await response.json();
  return typeof found === 'object' && found !== null && 'currency' in found && typeof found.currency === 'string'
    ? found.currency
    : undefined;
}

function positionIn(line: unknown): number {
  return typeof line === 'object' && line !== null && 'position' in line && typeof line.position === 'number' ? line.position : 0;
}

function answerIn(line: unknown): Answer {
  if (typeof line !== 'object' || line === null || !('status' in line))
    throw new ImportStopped('the ledger’s answer is not a line of a batch; is --server the address of a ledger?');
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  const replayed = 'replayed' in line && line.replayed === true && { replayed: true as const };
  if (line.status === 200 || line.status === 201 || line.status === 202) return { accepted: true, ...replayed };
  if (line.status === 503) throw new ImportStopped(`the ledger answered 503: ${text('detail' in line && line.detail)}`);
  const figures = {
    ...('available' in line && { available: text(line.available) }),
    ...('requested' in line && { requested: text(line.requested) }),
  };
  return {
    accepted: false,
    code: text('code' in line && line.code),
    detail: text('detail' in line && line.detail),
    ...(Object.keys(figures).length > 0 && { figures }),
    ...replayed,
  };
}
