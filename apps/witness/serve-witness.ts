/** A witness of one ledger: it answers requests, and looks by itself at what the ledger shows. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { verifierLine, verifierOf, type Verifier } from '../../libs/proof/notes/signed-note.js';
import { followOnce, type Followed } from '../../libs/proof/witness/follow.js';
import { ledgerOverHttp, type FollowedLedger } from '../../libs/proof/witness/followed-ledger.js';
import { Replay } from '../../libs/proof/witness/replay.js';
import { programmeOf } from '../../libs/proof/witness/follow.js';
import { Witness, type WitnessOptions } from '../../libs/proof/witness/witness.js';
import { messageOf } from '../../libs/sqlite/database.js';
import type { Configuration } from '../configuration.js';
import { whyNotListening } from '../http-service.js';
import type { Served } from '../service.js';
import { foldHistoryOf } from './fold-history.js';
import { openWitnessFolder, type WitnessFolder } from './witness-folder.js';
import { witnessServer, type ServedWitness } from './witness-server.js';

export type WitnessSettings = {
  /** The address of the ledger. */
  of: string;
  /** The keys of the ledger's programmes. */
  keys: readonly Verifier[];
  /** The name under which it cosigns; with `/replay` after it, that under which it cosigns what it folded. */
  name: string;
  folder: string;
  replay: boolean;
  /** A file with the token that the ledger is read with. */
  tokenFile?: string;
  /** Milliseconds between two looks at the ledger. */
  every: number;
};

/** A witness that listens, and the lines by which readers and policies know its keys. */
export type RunningWitness = Served & { witnesses: { line: string; url: string; replays: boolean }[] };

/** The path below which the witness that replays answers. */
const replayPath = '/replay';
/** Milliseconds after which a client that asks for a replay is told to ask later. Ledgers wait 5 s. */
const replayPatience = 3_000;

/** @throws {ConfigurationError} @throws {MemoryMissing} it is not known what its key has cosigned */
export async function serveWitness(settings: WitnessSettings, configuration: Configuration, logger: Logger): Promise<RunningWitness> {
  const { of, keys, name, replay, tokenFile } = settings;
  const origins = [...new Set(keys.map((key) => key.name))];
  const stop = new AbortController();
  const folder = await openWitnessFolder(settings.folder);
  const replays: Replay[] = [];
  const ledger = ledgerOverHttp(of, () => (tokenFile === undefined ? Promise.resolve(undefined) : tokenIn(tokenFile)));
  try {
    const witnesses = [await witnessAt('', 'witness-key.json', name)];
    if (replay) witnesses.push(await replayingWitness());
    const server = witnessServer(witnesses, origins, logger);
    const { HOST: host, PORT: port } = configuration;
    await server.listen({ host, port }).catch((error: unknown) => {
      throw whyNotListening(configuration, error);
    });
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server.server.address())}`;
    const following = followUntil(stop.signal, { settings, ledger, witnesses, origins, logger });
    return {
      url,
      witnesses: witnesses.map(({ path, verifier }) => ({
        line: verifierLine(verifier, 'witness'),
        url: `${url}${path}`,
        replays: path === replayPath,
      })),
      async stop() {
        stop.abort();
        await server.close();
        await following;
        await Promise.all(replays.map((one) => one.ended()));
        await folder.close();
      },
    };
  } catch (error) {
    await folder.close();
    throw error;
  }

  async function witnessAt(path: string, file: string, as: string, vouch?: WitnessOptions['vouch']): Promise<ServedWitness> {
    const signer = await folder.signer(file, as);
    const onContradiction = keepingContradictions(folder, logger);
    const options = { signer, heads: folder.heads, logs: keys, now: () => Date.now(), onContradiction };
    const witness = new Witness({ ...options, ...(vouch && { vouch }) });
    await witness.checkMemory();
    return { path, verifier: verifierOf(signer), witness };
  }

  async function replayingWitness(): Promise<ServedWitness> {
    const byOrigin = new Map<string, Replay>();
    const vouch: WitnessOptions['vouch'] = ({ origin, ...head }) =>
      byOrigin.get(origin)?.vouch(head) ?? Promise.resolve({ as: 'later', why: `the records of ${origin} are not followed here` });
    const served = await witnessAt(replayPath, 'replay-key.json', `${name}${replayPath}`, vouch);
    for (const origin of origins) {
      const programme = programmeOf(origin);
      const folded = { programme, copy: await folder.copyOf(origin), documents: folder.documentsOf(origin), signal: stop.signal };
      const one = new Replay({
        records: (after, signal) => ledger.records(programme, after, signal),
        copy: folded.copy,
        fold: (vouched) => foldHistoryOf(folded, vouched),
        vouched: await served.witness.cosigned(origin),
        patience: replayPatience,
        signal: stop.signal,
      });
      byOrigin.set(origin, one);
      replays.push(one);
    }
    return served;
  }
}

/** Tells of a checkpoint that contradicts what was cosigned, and keeps it: with the one that was cosigned, it proves what the ledger's key signed. */
function keepingContradictions(folder: WitnessFolder, logger: Logger): NonNullable<WitnessOptions['onContradiction']> {
  const told = new Set<string>();
  return async (checkpoint, note, why) => {
    const file = await folder.keepContradiction(checkpoint, note);
    if (told.has(file)) return;
    told.add(file);
    logger.error({ origin: checkpoint.origin, size: checkpoint.size, file }, `not cosigned: ${why}; the checkpoint is kept`);
  };
}

type Following = {
  settings: WitnessSettings;
  ledger: FollowedLedger;
  witnesses: readonly ServedWitness[];
  origins: readonly string[];
  logger: Logger;
};

/** Looks at the ledger until told to stop. What changes is logged once. */
async function followUntil(signal: AbortSignal, { settings, ledger, witnesses, origins, logger }: Following): Promise<void> {
  const told = new Map<string, string>();
  const isOver = () => signal.aborted;
  while (!isOver()) {
    for (const { path, witness } of witnesses)
      for (const origin of origins) {
        const followed = await followOnce(ledger, origin, settings.keys, witness, Date.now()).catch((error: unknown): Followed => ({
          was: 'refused',
          why: reasonOf(error),
        }));
        if (isOver()) return;
        const { level, text } = inWords(followed, path);
        if (told.get(path + origin) === text) continue;
        told.set(path + origin, text);
        logger[level]({ origin, ...('size' in followed && { size: followed.size }) }, text);
      }
    await pause(settings.every, undefined, { signal }).catch(() => undefined);
  }
}

function inWords(followed: Followed, path: string): { level: 'info' | 'warn' | 'error'; text: string } {
  const what = path === '' ? 'the history is cosigned' : 'the history is folded and cosigned';
  if (followed.was === 'none') return { level: 'warn', text: 'the ledger has no checkpoint yet' };
  if (followed.was === 'forked') return { level: 'error', text: `not cosigned: ${followed.why}` };
  if (followed.was === 'refused') return { level: 'warn', text: `not cosigned now: ${followed.why}` };
  if (followed.was === 'older')
    return {
      level: 'warn',
      text: 'the ledger shows an older checkpoint than was cosigned: a cache may, for a while; if it stays, its history was put back',
    };
  return { level: 'info', text: what };
}

async function tokenIn(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Why a request failed: fetch tells it in the cause. */
function reasonOf(error: unknown): string {
  return messageOf(Error.isError(error) && Error.isError(error.cause) ? error.cause : error);
}
