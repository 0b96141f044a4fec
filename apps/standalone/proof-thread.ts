/** Proof in the embedded ledger: a thread of its own makes it, and this one reads it. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Proof, type ProofStores } from '../../libs/application/proof.js';
import { openSqliteCosignedHeads } from '../../libs/proof/sqlite/sqlite-cosigned-heads.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import { messageOf } from '../../libs/sqlite/database.js';
import type { ProofData, ProofNews, ProofOrder } from './proof-messages.js';

/** Memory for new objects in MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 } as const;

export type RunningProof = {
  proof: Proof;
  /** Since when a newest head waits for cosignatures: milliseconds since 1970, `undefined` if none waits. */
  waitingSince(): number | undefined;
  stop(): Promise<void>;
};

/** Starts to grow trees, to sign their heads and to have them cosigned. Whatever fails there is logged, and stops nothing else. */
export function startProof(data: ProofData, logger: Logger): RunningProof {
  const worker = new Worker(new URL('./proof-worker.js', import.meta.url), { workerData: data, resourceLimits });
  const ended = new Promise<void>((done) => {
    worker.once('exit', () => {
      done();
    });
  });
  let waiting: number | undefined;
  worker.on('message', (news: ProofNews) => {
    if ('refused' in news) logger.error(news.refused);
    else if ('troubled' in news) logger[news.grave ? 'error' : 'warn'](news.troubled);
    else if ('recovered' in news) logger.info(news.recovered);
    else if ('waiting' in news) waiting = news.waiting === 0 ? undefined : news.waiting;
    else if ('retrying' in news) logger.error(`the Merkle trees can’t be updated now: ${news.retrying}`);
    else if ('failed' in news) logger.fatal(`the Merkle trees are no longer updated, and no checkpoint is signed: ${news.failed}`);
  });
  worker.on('error', (error) => {
    logger.fatal(`the Merkle trees are no longer updated, and no checkpoint is signed: ${messageOf(error)}`);
  });
  let opened: (ProofStores & { close(): Promise<unknown> }) | undefined;
  return {
    proof: new Proof(() => (opened ??= openToRead(data))),
    waitingSince: () => waiting,
    async stop() {
      worker.postMessage('stop' satisfies ProofOrder);
      await ended;
      await opened?.close();
    },
  };
}

function openToRead({ treesFile, signedFile, cosignedFile }: ProofData): ProofStores & { close(): Promise<unknown> } {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.push(store);
    return store;
  };
  const close = () => Promise.all(opened.map((store) => store.close()));
  try {
    return {
      trees: keep(openSqliteTrees(treesFile, 'read')),
      signed: keep(openSqliteSignedHeads(signedFile, 'read')),
      cosigned: keep(openSqliteCosignedHeads(cosignedFile, 'read')),
      close,
    };
  } catch (error) {
    void close();
    throw error;
  }
}
