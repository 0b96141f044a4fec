/** The thread that grows Merkle trees from the log, signs their heads, and makes statements. */
import { EventEmitter, once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LogUnreadable } from '../../libs/event-log/ports.js';
import { readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { runProof } from '../../libs/proof/run-proof.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import { FoldedDocuments } from '../../libs/proof/statements/folded-documents.js';
import type { Statement } from '../../libs/proof/statements/ports.js';
import { publishCommand } from '../../libs/proof/statements/publish-command.js';
import { runStatements } from '../../libs/proof/statements/run-statements.js';
import { openSqliteStatements } from '../../libs/proof/statements/sqlite-statements.js';
import { LedgerDamaged, messageOf } from '../../libs/sqlite/database.js';
import { checkpointKeyIn, makeCheckpointKey } from '../checkpoint-key.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ProofData, ProofNews, ProofOrder, ProofWork } from './proof-messages.js';

function given(data: unknown): ProofData {
  const fields: Record<string, unknown> = { ...(typeof data === 'object' && data) };
  const text = (name: keyof ProofData) => {
    const value = fields[name];
    if (typeof value !== 'string') throw new Error(`the proof’s thread was started without its ${name}`);
    return value;
  };
  return {
    logFile: text('logFile'),
    treesFile: text('treesFile'),
    signedFile: text('signedFile'),
    documentsFile: text('documentsFile'),
    statementsFile: text('statementsFile'),
    keyFile: text('keyFile'),
    host: text('host'),
  };
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');
const tell = (news: ProofNews) => {
  port.postMessage(news);
};
const stop = new AbortController();
const decisions = new EventEmitter();
port.on('message', (order: ProofOrder) => {
  if (order === 'stop') stop.abort();
  else decisions.emit('decision', order);
});

const retryEvery = 1_000;

/** Opens a cache; one that is damaged is removed, because it is made again. */
function openCache<T>(file: string, open: (file: string) => T): T {
  try {
    return open(file);
  } catch (error) {
    if (!(error instanceof LedgerDamaged)) throw error;
    removeCache(file);
    return open(file);
  }
}
function removeCache(file: string): void {
  for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
}

async function signOnce({ logFile, treesFile, signedFile, keyFile, host }: ProofData): Promise<void> {
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> }[] = [log];
  try {
    const trees = openCache(treesFile, (file) => openSqliteTrees(file, 'write'));
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

async function stateOnce({ logFile, documentsFile, statementsFile }: ProofData): Promise<void> {
  // Both are made again together.
  if (!existsSync(statementsFile)) removeCache(documentsFile);
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> | void }[] = [log];
  try {
    const statements = openCache(statementsFile, (file) => openSqliteStatements(file, 'write'));
    closing.push(statements);
    const documents = openCache(documentsFile, (file) => FoldedDocuments.open(file));
    closing.push(documents);
    await runStatements({ log, partition: 0, documents, statements, now: () => Date.now(), publish }, stop.signal);
  } finally {
    for (const one of closing.reverse()) await one.close();
  }
}

/** Asks the thread that takes commands to record a statement. */
async function publish(statement: Statement): Promise<void> {
  const decided = once(decisions, 'decision', { signal: stop.signal });
  tell({ publish: publishCommand(statement) });
  const [decision]: unknown[] = await decided;
  if (typeof decision === 'object' && decision !== null && 'undecided' in decision) throw new Error(String(decision.undecided));
}

/** Works until told to stop. A full disk or missing files are tried again, since an operator may correct them; a log that was changed ends the work. */
async function persistently(work: ProofWork, tryOnce: () => Promise<void>): Promise<void> {
  try {
    while (!stop.signal.aborted)
      try {
        await tryOnce();
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof LogUnreadable) throw error;
        tell({ retrying: messageOf(error), work });
        await wait(retryEvery, undefined, { signal: stop.signal }).catch(() => undefined);
      }
  } catch (error) {
    tell({ failed: messageOf(error), work });
  }
}

letCommandsGoFirst();
const data = given(workerData);
await Promise.all([persistently('checkpoints', () => signOnce(data)), persistently('statements', () => stateOnce(data))]);
port.close();
