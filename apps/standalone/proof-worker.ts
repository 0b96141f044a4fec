/** The thread that grows Merkle trees from the log, signs their heads, has them cosigned, and makes statements. */
import { EventEmitter, once } from 'node:events';
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
import { FoldedDocuments } from '../../libs/proof/sqlite/folded-documents.js';
import type { Statement } from '../../libs/proof/statements/ports.js';
import { publishCommand } from '../../libs/proof/statements/publish-command.js';
import { catchUp } from '../../libs/proof/statements/make-statement.js';
import { runStatements } from '../../libs/proof/statements/run-statements.js';
import { openSqliteStatements } from '../../libs/proof/sqlite/sqlite-statements.js';
import { LedgerDamaged, messageOf } from '../../libs/sqlite/database.js';
import { checkpointKeyIn, makeCheckpointKey } from '../checkpoint-key.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ProofData, ProofNews, ProofOrder, ProofWork } from './proof-messages.js';

function given(data: unknown): ProofData {
  const fields: Record<string, unknown> = { ...(typeof data === 'object' && data) };
  const text = (name: Exclude<keyof ProofData, 'publishes'>) => {
    const value = fields[name];
    if (typeof value !== 'string') throw new Error(`the proof’s thread was started without its ${name}`);
    return value;
  };
  return {
    logFile: text('logFile'),
    treesFile: text('treesFile'),
    signedFile: text('signedFile'),
    cosignedFile: text('cosignedFile'),
    documentsFile: text('documentsFile'),
    statementsFile: text('statementsFile'),
    keyFile: text('keyFile'),
    host: text('host'),
    policy: text('policy'),
    publishes: fields['publishes'] === true,
  };
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');
const tell = (news: ProofNews) => {
  port.postMessage(news);
};
const stop = new AbortController();
/** Whether it was told to stop, perhaps while it waited. */
const isStopping = () => stop.signal.aborted;
const decisions = new EventEmitter<{ decision: [Exclude<ProofOrder, 'stop'>] }>();
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
    for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
    return open(file);
  }
}
async function signOnce({ logFile, treesFile, signedFile, cosignedFile, keyFile, host, policy: text }: ProofData): Promise<void> {
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> }[] = [log];
  try {
    const trees = openCache(treesFile, (file) => openSqliteTrees(file, 'write'));
    closing.push(trees);
    const signed = openSqliteSignedHeads(signedFile, 'write');
    closing.push(signed);
    const cosigned = openCache(cosignedFile, (file) => openSqliteCosignedHeads(file, 'write'));
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

async function stateOnce({ logFile, documentsFile, statementsFile, publishes }: ProofData): Promise<void> {
  const log = readSqliteEventLog(logFile);
  const closing: { close(): Promise<void> | void }[] = [log];
  try {
    const statements = openCache(statementsFile, (file) => openSqliteStatements(file, 'write'));
    closing.push(statements);
    const documents = openCache(documentsFile, (file) => FoldedDocuments.open(file));
    closing.push(documents);
    const maker = { log, partition: 0, documents, statements };
    if (publishes) await runStatements({ ...maker, now: () => Date.now(), publish }, stop.signal);
    else {
      await catchUp(maker, stop.signal);
      if (!stop.signal.aborted) await once(stop.signal, 'abort');
    }
  } finally {
    for (const one of closing.reverse()) await one.close();
  }
}

/** Asks the thread that takes commands to record a statement. */
async function publish(statement: Statement): Promise<void> {
  const decided = Promise.withResolvers<undefined>();
  const onDecision = (decision: Exclude<ProofOrder, 'stop'>) => {
    if ('undecided' in decision) decided.reject(new Error(decision.undecided));
    else decided.resolve(undefined);
  };
  const onStop = () => {
    decided.reject(new Error('the ledger is shutting down'));
  };
  decisions.once('decision', onDecision);
  stop.signal.addEventListener('abort', onStop, { once: true });
  tell({ publish: publishCommand(statement) });
  try {
    await decided.promise;
  } finally {
    decisions.off('decision', onDecision);
    stop.signal.removeEventListener('abort', onStop);
  }
}

/** Works until told to stop. A full disk or missing files are tried again, since an operator may correct them; a log that was changed ends the work. */
async function persistently(work: ProofWork, tryOnce: () => Promise<void>): Promise<void> {
  try {
    while (!stop.signal.aborted)
      try {
        await tryOnce();
      } catch (error) {
        if (isStopping()) return;
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
