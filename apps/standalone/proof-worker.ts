/** The thread that grows Merkle trees from the log, signs their heads and has them cosigned. */
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LogUnreadable } from '../../libs/event-log/ports.js';
import { readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { policyIn } from '../../libs/proof/notes/policy.js';
import { runProof } from '../../libs/proof/run-proof.js';
import { openSqliteCosignedHeads } from '../../libs/proof/sqlite/sqlite-cosigned-heads.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import { LedgerDamaged, messageOf } from '../../libs/sqlite/database.js';
import { checkpointKeyIn, makeCheckpointKey } from '../checkpoint-key.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ProofData, ProofNews } from './proof-messages.js';

function given(data: unknown): ProofData {
  const given: Record<string, unknown> = { ...(typeof data === 'object' && data) };
  const { logFile, treesFile, signedFile, cosignedFile, keyFile, host, policy } = given;
  if (
    typeof logFile === 'string' &&
    typeof treesFile === 'string' &&
    typeof signedFile === 'string' &&
    typeof cosignedFile === 'string' &&
    typeof keyFile === 'string' &&
    typeof host === 'string' &&
    typeof policy === 'string'
  )
    return { logFile, treesFile, signedFile, cosignedFile, keyFile, host, policy };
  throw new Error('the proof’s thread was started without its files');
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');
const tell = (news: ProofNews) => {
  port.postMessage(news);
};
const stop = new AbortController();
port.once('message', () => {
  stop.abort();
});

const retryEvery = 1_000;

/** Opens a file to write; one that is damaged is removed before, because what it holds is made again. */
function openedAnew<T>(file: string, open: (file: string, mode: 'write') => T): T {
  try {
    return open(file, 'write');
  } catch (error) {
    if (!(error instanceof LedgerDamaged)) throw error;
    for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
    return open(file, 'write');
  }
}

async function proveOnce({ logFile, treesFile, signedFile, cosignedFile, keyFile, host, policy: text }: ProofData): Promise<void> {
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> }[] = [log];
  try {
    const trees = openedAnew(treesFile, openSqliteTrees);
    closing.push(trees);
    const signed = openSqliteSignedHeads(signedFile, 'write');
    closing.push(signed);
    const cosigned = openedAnew(cosignedFile, openSqliteCosignedHeads);
    closing.push(cosigned);
    const key = existsSync(keyFile) ? await checkpointKeyIn(keyFile) : await makeCheckpointKey(keyFile, signed);
    const observer = {
      grown: (grown: number) => {
        tell({ grown });
      },
      refused: (refused: string) => {
        tell({ refused });
      },
      troubled: (troubled: string, grave: boolean) => {
        tell({ troubled, grave });
      },
      recovered: (recovered: string) => {
        tell({ recovered });
      },
      waiting: (since: number | undefined) => {
        tell({ waiting: since ?? 0 });
      },
    };
    const policy = text === '' ? undefined : policyIn(text);
    await runProof({ log, partition: 0, trees, signed, cosigned, key, host, policy, now: () => Date.now(), observer }, stop.signal);
  } finally {
    for (const one of closing.reverse()) await one.close();
  }
}

/** Proves until told to stop. A full disk or missing files are tried again, since an operator may correct them; a log that was changed ends it. */
async function provePersistently(data: ProofData): Promise<void> {
  while (!stop.signal.aborted)
    try {
      await proveOnce(data);
    } catch (error) {
      if (error instanceof LogUnreadable) throw error;
      tell({ retrying: messageOf(error) });
      await wait(retryEvery, undefined, { signal: stop.signal }).catch(() => undefined);
    }
}

try {
  letCommandsGoFirst();
  await provePersistently(given(workerData));
} catch (error) {
  tell({ failed: messageOf(error) });
}
port.close();
