/** Proof in the embedded ledger: a thread of its own makes it, and this one reads it. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Outcome } from '../../libs/command-processing/outcome.js';
import type { CommandOf } from '../../libs/domain/commands.js';
import { Proof } from '../../libs/application/proof.js';
import { messageOf } from '../../libs/sqlite/database.js';
import type { ProofData, ProofNews, ProofOrder, ProofWork } from './proof-messages.js';
import { openProofStores, type OpenedProofStores } from './proof-stores.js';

/** Memory for new objects in MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 } as const;

export type RunningProof = {
  proof: Proof;
  /** Since when a newest head waits for cosignatures: milliseconds since 1970, `undefined` if none waits. */
  waitingSince(): number | undefined;
  stop(): Promise<void>;
};

/** What no longer happens if a work of the thread has failed. */
const missed: Readonly<Record<ProofWork, string>> = {
  checkpoints: 'the Merkle trees are not updated, and no checkpoint is signed',
  statements: 'no statements are made',
};

/**
 * Starts to grow trees, to sign their heads and have them cosigned, and to make statements, which `submit` records. Whatever fails there is logged, and stops nothing else.
 */
export function startProof(
  data: ProofData,
  submit: (command: CommandOf<'PublishStatement'>) => Promise<Outcome>,
  logger: Logger,
): RunningProof {
  const worker = new Worker(new URL('./proof-worker.js', import.meta.url), { workerData: data, resourceLimits });
  const ended = new Promise<void>((done) => {
    worker.once('exit', () => {
      done();
    });
  });
  const order = (said: ProofOrder) => {
    worker.postMessage(said);
  };
  const record = async (command: CommandOf<'PublishStatement'>) => {
    try {
      const outcome = await submit(command);
      const isThere = outcome.kind === 'accepted' || outcome.code === 'statement-exists';
      order(isThere ? { decided: true } : { undecided: outcome.detail });
    } catch (error) {
      order({ undecided: messageOf(error) });
    }
  };
  let waiting: number | undefined;
  worker.on('message', (news: ProofNews) => {
    if ('refused' in news) logger.error(news.refused);
    else if ('troubled' in news) logger[news.grave ? 'error' : 'warn'](news.troubled);
    else if ('recovered' in news) logger.info(news.recovered);
    else if ('waiting' in news) waiting = news.waiting === 0 ? undefined : news.waiting;
    else if ('retrying' in news) logger.error(`${missed[news.work]} for now: ${news.retrying}`);
    else if ('failed' in news) logger.fatal(`${missed[news.work]} any more: ${news.failed}`);
    else if ('publish' in news) void record(news.publish);
  });
  worker.on('error', (error) => {
    logger.fatal(`${missed.checkpoints}, and ${missed.statements} any more: ${messageOf(error)}`);
  });
  const { treesFile: trees, signedFile: signed, cosignedFile: cosigned, statementsFile: statements } = data;
  let opened: OpenedProofStores | undefined;
  return {
    proof: new Proof(() => (opened ??= openProofStores({ trees, signed, cosigned, statements }))),
    waitingSince: () => waiting,
    async stop() {
      order('stop');
      await ended;
      await opened?.close();
    },
  };
}
