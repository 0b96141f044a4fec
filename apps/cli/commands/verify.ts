import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnreadable, start, type Entry, type EventLog } from '../../../libs/event-log/ports.js';
import { damaged, isDamage, LedgerDamaged, messageOf, OtherFormat } from '../../../libs/sqlite/database.js';
import { digestReadModels } from '../../../libs/projections/digest-read-models.js';
import { KeptHeads, type KeptHead } from '../../../libs/projections/kept-heads.js';
import { HistoryCheck, type HistoryCounts } from '../../../libs/projections/verify-history.js';
import { verifyReadModels } from '../../../libs/projections/verify-read-models.js';
import type { ReadModels } from '../../../libs/read-models/ports.js';
import { openSqliteReadModels } from '../../../libs/read-models/sqlite/sqlite-read-models.js';
import type { Configuration } from '../../configuration.js';
import { generationOfCode } from '../../code-version.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { entriesIn, linesOf } from '../export-file.js';
import { isOnKafka, logToRead, modelsToRead } from '../ledger-at.js';
import { faultInWords, noProgramme } from '../output.js';
import { StatementClaims } from '../../../libs/proof/statements/verify-statements.js';
import { recomputeStatements } from './verify-statements.js';
import { compareKeptStates, openedStates, type ComparedStates } from './verify-kept-states.js';

export type Verdict = {
  /** Everything was checked, and nothing is wrong. */
  sound: boolean;
  /** The first fault in each programme's history, and in the documents of each programme with a sound history. */
  faults: string[];
  /** What could not be checked, and why. */
  unchecked: string[];
  history: HistoryCounts;
  /** The head of each programme, whether its history is sound or not. */
  heads: VerifiedHead[];
  /** How many documents were compared; absent if there are none, or this version has not folded any yet. */
  documents?: number;
  /** How many of the processor's states were compared; absent if they are elsewhere, or this version has not saved any yet. */
  states?: number;
  /** How many statements were folded again. */
  statements: number;
};
export type VerifiedHead = {
  programme: string;
  position: number;
  /** SHA-256 of the record there. */
  hash: string;
  /** SHA-256 of the programme's documents, the same in every store; absent unless they are folded to exactly this position. */
  readModels?: string;
  /** The position that the documents are folded to, if it is another. */
  foldedTo?: number;
};
export type VerifyOptions = {
  /** Only this one; all if absent. */
  programme?: string;
  /** Kept heads: the history must contain each. */
  kept: readonly KeptHead[];
  progress: (done: number, total: number) => void;
};
type Documents = { compared?: number; faults: string[]; unchecked: string[]; digests: Map<string, { position: number; digest: string }> };

/** Proves a ledger, embedded or distributed: chain, numbering, every rule, kept heads, and that the read models equal a fresh fold of the log. */
export async function verify(configuration: Configuration, options: VerifyOptions): Promise<Verdict> {
  const proof = new HistoryProof(options);
  // Caches are opened before the log, so that the log holds all they were folded from.
  const models = await openedModels(configuration);
  const { states: statesFile } = filesOf(configuration);
  const now = Date.now();
  const states = isOnKafka(configuration) ? undefined : openedStates(statesFile, now);
  try {
    const isRead = await readLog(configuration, proof, options);
    if (isRead && proof.claims.of.size > 0)
      proof.recomputed(await withLog(configuration, (log) => recomputeStatements(log, proof.claims, proof.isSound)));
    // States belong to all programmes together, and can be folded only from a sound history.
    const areStatesCompared = states && isRead && proof.isAllSound && options.programme === undefined;
    const comparedStates = areStatesCompared
      ? await withLog(configuration, (log) => compareKeptStates(log, statesFile, states, now))
      : undefined;
    // If states were folded from another log than this one, so were the documents.
    const isOfAnother = comparedStates?.fault !== undefined;
    if (!models || !isRead || proof.isAllWrong || isOfAnother) return proof.verdict(comparedStates);
    const documents = 'unusable' in models ? models.unusable : await comparedWithFreshFold(configuration, models.opened, proof.isSound);
    return proof.verdict(comparedStates, documents);
  } finally {
    if (models && 'opened' in models) await models.opened.close();
    if (states && 'opened' in states) states.opened.close();
  }
}

async function withLog<T>(configuration: Configuration, use: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await logToRead(configuration);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** Proves an export without a ledger: the same checks except those of caches, which an export does not contain. @throws if the file can't be read */
export async function verifyExport(file: string, options: VerifyOptions): Promise<Verdict> {
  const proof = new HistoryProof(options, 'line');
  let done = 0;
  for await (const entries of entriesIn(linesOf(file)))
    for (const entry of entries) {
      proof.add(entry);
      if (++done % 10_000 === 0) options.progress(done, done);
    }
  proof.recomputed(await recomputeStatements({ partitions: 1, read: () => entriesIn(linesOf(file)) }, proof.claims, proof.isSound));
  return proof.verdict();
}

/** The checks that need only the entries, one after another. */
class HistoryProof {
  private readonly check = new HistoryCheck();
  private readonly kept: KeptHeads;
  private readonly unreadable: string[] = [];
  readonly claims = new StatementClaims();
  private statements: { statements: number; faults: string[] } = { statements: 0, faults: [] };

  constructor(
    private readonly options: Pick<VerifyOptions, 'programme' | 'kept'>,
    /** The unit of offsets in messages. */
    private readonly by: 'offset' | 'line' = 'offset',
  ) {
    this.kept = new KeptHeads(options.kept.filter(({ programme }) => this.isWanted(programme)));
  }

  add(entry: Entry): void {
    if (!this.isWanted(entry.programme)) return;
    const fault = this.check.add(entry);
    if (!fault && entry.programme !== undefined && this.check.isSound(entry.programme)) this.claims.add(entry);
    this.kept.add(entry);
  }
  /** Notes that the rest could not be read. */
  stoppedBy(error: LogUnreadable | LedgerDamaged): void {
    this.unreadable.push(error.message);
  }

  /** Notes what became of the statements. */
  recomputed(statements: { statements: number; faults: string[] }): void {
    this.statements = statements;
  }

  /** Whether a programme is to be verified and its history is sound. */
  readonly isSound = (programme: string): boolean => this.isWanted(programme) && this.check.isSound(programme);

  get isAllSound(): boolean {
    return this.check.faults.length === 0;
  }
  /** Whether the history of every programme is wrong. */
  get isAllWrong(): boolean {
    const programmes = [...this.check.heads.keys()];
    return programmes.length > 0 && !programmes.some((programme) => this.check.isSound(programme));
  }

  private isWanted(programme: string | undefined): boolean {
    return this.options.programme === undefined || programme === undefined || programme === this.options.programme;
  }

  /** @throws {UserError} there is no such programme */
  verdict(states: ComparedStates = {}, { compared, faults, unchecked, digests }: Documents = nothingCompared()): Verdict {
    const { heads } = this.check;
    const { programme: asked } = this.options;
    if (asked !== undefined && !heads.has(asked) && this.unreadable.length === 0 && this.options.kept.length === 0)
      throw noProgramme(asked);
    const all = [
      ...this.check.faults.map((fault) => faultInWords(fault, this.by)),
      ...this.unreadable,
      // After an incomplete read it is unknown which kept records are missing.
      ...(this.unreadable.length === 0 ? this.kept.faults(heads) : []),
      ...this.statements.faults,
      ...(states.fault === undefined ? [] : [states.fault]),
      ...faults,
    ];
    return {
      sound: all.length === 0 && unchecked.length === 0,
      faults: all,
      unchecked,
      history: this.check.counts,
      heads: [...heads].map(([programme, { position, hash }]) => ({
        programme,
        position,
        hash,
        ...ofDocuments(digests.get(programme), position),
      })),
      ...(compared !== undefined && { documents: compared }),
      ...(states.states !== undefined && { states: states.states }),
      statements: this.statements.statements,
    };
  }
}

function nothingCompared(): Documents {
  return { faults: [], unchecked: [], digests: new Map() };
}
function ofDocuments(
  folded: { position: number; digest: string } | undefined,
  position: number,
): Pick<VerifiedHead, 'readModels' | 'foldedTo'> {
  if (!folded) return {};
  return folded.position === position ? { readModels: folded.digest } : { foldedTo: folded.position };
}

/** Reads every partition as far as possible. @returns whether the whole log could be read */
async function readLog(configuration: Configuration, proof: HistoryProof, { progress }: VerifyOptions): Promise<boolean> {
  const log = await unlessDamaged(configuration, proof, () => logToRead(configuration));
  if (!log) return false;
  try {
    const ends = await unlessDamaged(configuration, proof, () =>
      Promise.all(Array.from({ length: log.partitions }, (_, partition) => log.end(partition))),
    );
    if (!ends) return false;
    const total = ends.reduce((sum, end) => sum + end + 1, 0);
    let isRead = true;
    let done = 0;
    for (const [partition, end] of ends.entries()) {
      const before = done;
      const read = async () => {
        for await (const entries of log.read(partition, start))
          for (const entry of entries) {
            proof.add(entry);
            if (entry.offset % 10_000 === 0) progress(before + entry.offset, total);
          }
        return true;
      };
      isRead = ((await unlessDamaged(configuration, proof, read)) ?? false) && isRead;
      done += end + 1;
    }
    return isRead;
  } finally {
    await log.close();
  }
}

/** The result of `read`; `undefined` if something can't be read, which the proof then notes. */
async function unlessDamaged<T>(configuration: Configuration, proof: HistoryProof, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const found = isOnKafka(configuration) ? error : damaged(filesOf(configuration).log, error);
    // A file of another version is neither right nor wrong.
    if (found instanceof OtherFormat || !(found instanceof LogUnreadable || found instanceof LedgerDamaged)) throw error;
    proof.stoppedBy(found);
    return undefined;
  }
}

type OpenedModels = { opened: ReadModels } | { unusable: Documents };

/** The read models as of now; absent if there are none. */
async function openedModels(configuration: Configuration): Promise<OpenedModels | undefined> {
  try {
    const opened = await modelsToRead(configuration);
    return opened && { opened };
  } catch (error) {
    return { unusable: unusable(configuration, error) };
  }
}
/** A damaged file is a fault; read models that can't be reached now are unchecked. */
function unusable({ READ_MODELS, ...configuration }: Configuration, error: unknown): Documents {
  if (READ_MODELS.startsWith('mongodb'))
    return { ...nothingCompared(), unchecked: [`the documents were not compared: ${messageOf(error)}`] };
  const { models } = filesOf({ READ_MODELS, ...configuration });
  const cause = `${models} can't be read: ${messageOf(error)}`;
  const isWrong = error instanceof LedgerDamaged || error instanceof SyntaxError || isDamage(error);
  return isWrong && !(error instanceof OtherFormat)
    ? { ...nothingCompared(), faults: [`${cause}; ${rebuilding({ READ_MODELS, ...configuration })}`] }
    : { ...nothingCompared(), unchecked: [`the documents were not compared: ${cause}`] };
}

/** The remedy for wrong read models. */
function rebuilding({ READ_MODELS }: Configuration): string {
  const how = READ_MODELS.startsWith('sqlite:')
    ? 'stop the ledger and run `ledger forget-caches`; the next start folds them again'
    : 'name another database in READ_MODELS, and the projections fold them again';
  return `read models are no part of the history: ${how}`;
}

async function comparedWithFreshFold(
  configuration: Configuration,
  models: ReadModels,
  isCompared: (programme: string) => boolean,
): Promise<Documents> {
  const generation = generationOfCode();
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
  const log = await logToRead(configuration);
  const fresh = openSqliteReadModels(join(folder, 'fresh.sqlite'), 'write');
  try {
    const compared = await verifyReadModels({ log, models, fresh, generation, isCompared });
    if (!compared) return nothingCompared();
    const remedy = rebuilding(configuration);
    if (compared.storeFault !== undefined) return { ...nothingCompared(), faults: [`the read models: ${compared.storeFault}; ${remedy}`] };
    const faults = compared.faults.map(({ collection, key, found }) => `the document ${key} of ${collection}: ${found}; ${remedy}`);
    const wrong = new Set(compared.faults.map(({ key }) => key.split('/', 1)[0]));
    // Compared documents are the same in both, and the fresh fold does not change meanwhile.
    const [digests, heads] = [await digestReadModels(fresh, generation), await fresh.heads(generation)];
    const ofSound = [...digests].filter(([programme]) => !wrong.has(programme));
    return {
      compared: compared.documents,
      faults,
      unchecked: [],
      digests: new Map(ofSound.map(([programme, digest]) => [programme, { position: heads.get(programme)?.position ?? 0, digest }])),
    };
  } catch (error) {
    return unusable(configuration, error);
  } finally {
    await fresh.close();
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}
