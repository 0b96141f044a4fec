/** Proof in the embedded ledger: a thread of its own makes it, and this one reads it. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Proof, type ProofStores } from '../../libs/application/proof.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import { messageOf } from '../../libs/sqlite/database.js';
import type { ProofData, ProofNews, ProofOrder } from './proof-messages.js';

/** Memory for new objects in MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 } as const;

/** Starts to grow trees and to sign their heads. Whatever fails there is logged, and stops nothing else. */
export function startProof(data: ProofData, logger: Logger): { proof: Proof; stop(): Promise<void> } {
  const worker = new Worker(new URL('./proof-worker.js', import.meta.url), { workerData: data, resourceLimits });
  const ended = new Promise<void>((done) => {
    worker.once('exit', () => {
      done();
    });
  });
  worker.on('message', (news: ProofNews) => {
    if ('refused' in news) logger.error(news.refused);
    else if ('retrying' in news) logger.error(`the Merkle trees can’t be updated now: ${news.retrying}`);
    else if ('failed' in news) logger.fatal(`the Merkle trees are no longer updated, and no checkpoint is signed: ${news.failed}`);
  });
  worker.on('error', (error) => {
    logger.fatal(`the Merkle trees are no longer updated, and no checkpoint is signed: ${messageOf(error)}`);
  });
  let opened: (ProofStores & { close(): Promise<unknown> }) | undefined;
  return {
    proof: new Proof(() => (opened ??= openToRead(data))),
    async stop() {
      worker.postMessage('stop' satisfies ProofOrder);
      await ended;
      await opened?.close();
    },
  };
}

function openToRead({ treesFile, signedFile }: ProofData): ProofStores & { close(): Promise<unknown> } {
  const trees = openSqliteTrees(treesFile, 'read');
  try {
    const signed = openSqliteSignedHeads(signedFile, 'read');
    return { trees, signed, close: () => Promise.all([trees.close(), signed.close()]) };
  } catch (error) {
    void trees.close();
    throw error;
  }
}
