/** The thread that grows Merkle trees from the log and signs their heads. */
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LogUnreadable } from '../../libs/event-log/ports.js';
import { readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { runProof } from '../../libs/proof/run-proof.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteTrees, type SqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import { LedgerDamaged, messageOf } from '../../libs/sqlite/database.js';
import { checkpointKeyIn, makeCheckpointKey } from '../checkpoint-key.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ProofData, ProofNews } from './proof-messages.js';

function given(data: unknown): ProofData {
  const { logFile, treesFile, signedFile, keyFile, host }: Record<string, unknown> = { ...(typeof data === 'object' && data) };
  if (
    typeof logFile === 'string' &&
    typeof treesFile === 'string' &&
    typeof signedFile === 'string' &&
    typeof keyFile === 'string' &&
    typeof host === 'string'
  )
    return { logFile, treesFile, signedFile, keyFile, host };
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

/** The trees; those that are damaged are removed, because they are grown again. */
function openTrees(file: string): SqliteTrees {
  try {
    return openSqliteTrees(file, 'write');
  } catch (error) {
    if (!(error instanceof LedgerDamaged)) throw error;
    for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
    return openSqliteTrees(file, 'write');
  }
}

async function proveOnce({ logFile, treesFile, signedFile, keyFile, host }: ProofData): Promise<void> {
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> }[] = [log];
  try {
    const trees = openTrees(treesFile);
    closing.push(trees);
    const signed = openSqliteSignedHeads(signedFile, 'write');
    closing.push(signed);
    const key = existsSync(keyFile) ? await checkpointKeyIn(keyFile) : await makeCheckpointKey(keyFile, signed);
    const observer = {
      grown: (grown: number) => {
        tell({ grown });
      },
      refused: (refused: string) => {
        tell({ refused });
      },
    };
    await runProof({ log, partition: 0, trees, signed, key, host, now: () => Date.now(), observer }, stop.signal);
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
