import { dayIn } from '../../../libs/domain/calendar.js';
import type { Command } from '../../../libs/domain/commands.js';
import type { IsoDate } from '../../../libs/domain/vocabulary.js';
import { checkRelease, type Checked } from './check.js';
import { closing } from './closing.js';
import { differences } from './differences.js';
import { readRelease, type Release } from './files.js';
import { Holdings, rowKeys } from './holdings.js';
import { movementId } from './names.js';
import { establishEarlier, establishProgramme, importedBy, sentAgain, type Edition, type PlanOptions } from './plan.js';
import type { LeftOut, Project } from './published.js';
import { accountOf, type ImportReport } from './report.js';
import { ImportStopped, ReleaseRefused, type ImportTarget } from './target.js';

export type ImportRequest = Omit<PlanOptions, 'today' | 'asOf' | 'edition'> & {
  /** The folder that holds `projects.csv` and `transactions.csv`. */
  folder: string;
  /** The day of the published status; today where absent. */
  asOf?: IsoDate;
  /** Milliseconds since 1970. */
  now: number;
  /** For the programme, if it has to be established. */
  title: string;
  timeZone: string;
  /** Whether the release may be another one than the ledger holds: the differences are sent. */
  update?: boolean;
  /** Whether rows with a fault are left out; else a release with faults is refused. */
  acceptFaults?: boolean;
  /** How many projects are done, of how many. */
  progress?: (done: number, total: number) => void;
};

/** So many commands are sent at once at least, as long as there are so many. */
const batch = 4_000;

/**
 * Imports a release: the whole of it is checked, then what the ledger lacks of it is sent. What has an outcome already, refusals included, is not
 * sent again, so the same import twice adds nothing. What the ledger could not decide stops the import, and is sent again by the next one.
 * @throws {ReleaseRefused} nothing was sent: the files can't be read, have faults, or are another release than the ledger holds
 * @throws {ImportStopped} the ledger doesn't take the import
 */
export async function importRelease(request: ImportRequest, target: ImportTarget): Promise<ImportReport> {
  const release = await readRelease(request.folder);
  const holdings = new Holdings();
  await holdings.catchUp(target, request.programme);
  const options = optionsFor(request, release, holdings);
  const checked = checkRelease(release, options, (initiative) => holdings.initiatives.get(initiative)?.ours === false);
  refuseFaults(checked, request);
  refuseProgramme(holdings, options);
  refuseOtherRelease(holdings, options, request);

  const sender = new Sender(target, holdings, request.programme);
  await sender.send(preparation(checked.projects, holdings, options, request));
  const leftOut = Map.groupBy(checked.leftOut, ({ project }) => project);
  const commands: Command[] = [];
  let done = 0;
  for (const projects of chunks(checked.projects)) {
    const planned = projects.flatMap((project) => differences(project, keysOf(leftOut.get(project.id) ?? []), holdings, options));
    await sender.send(planned);
    const ends = projects.flatMap((project) => {
      const held = holdings.initiatives.get(project.initiative);
      return held ? closing(project, held, options, (kind, detail) => checked.notes.push({ kind, project: project.id, detail })) : [];
    });
    await sender.send(ends);
    commands.push(...planned, ...ends);
    done += projects.length;
    request.progress?.(done, checked.projects.length);
  }
  noteGone(checked, holdings);
  return {
    programme: options.programme,
    currency: options.currency,
    release: { ...options.edition, sha256: release.sha256, asOf: options.asOf },
    sent: sender.sent,
    recordedBefore: sender.before,
    ...accountOf(checked, commands, holdings),
  };
}

/** @throws {ReleaseRefused} `--as-of` is still to come */
function optionsFor(request: ImportRequest, { sha256 }: Release, { programme, latest }: Holdings): PlanOptions {
  const today = dayIn(programme?.timeZone ?? request.timeZone, request.now);
  const asOf = request.asOf ?? today;
  if (asOf > today) throw new ReleaseRefused(`--as-of ${asOf} is still to come; it must be a day up to today, ${today}`);
  const release = sha256.slice(0, 12);
  const number = latest === undefined ? 1 : latest.release === release ? latest.number : latest.number + 1;
  const { programme: code, currency, digits, language, importer, finance } = request;
  return { programme: code, currency, digits, language, importer, finance, today, asOf, edition: { number, release } };
}

function refuseFaults({ faults, fileFaults }: Checked, { acceptFaults = false }: ImportRequest): void {
  const all = [...fileFaults, ...faults];
  if (fileFaults.length === 0 && (acceptFaults || faults.length === 0)) return;
  const remedy = fileFaults.length > 0 ? '' : ' or leave these rows out with --accept-faults';
  throw new ReleaseRefused(
    `Nothing was imported. ${all.length === 1 ? 'One fault' : `${all.length} faults`}: mend the files${remedy}.`,
    all,
  );
}

function refuseProgramme({ programme }: Holdings, { programme: code, currency }: PlanOptions): void {
  if (!programme) return;
  if (programme.currency !== currency)
    throw new ReleaseRefused(`${code} keeps its accounts in ${programme.currency}, not ${currency}; import into a programme of its own`);
  if (programme.ceiling !== 'none' || programme.years !== 'multi-year')
    throw new ReleaseRefused(
      `${code} has ceiling ${programme.ceiling} and years ${programme.years}; published releases need a programme with ceiling none and years multi-year`,
    );
}

function refuseOtherRelease({ latest }: Holdings, { programme, edition }: PlanOptions, { update = false }: ImportRequest): void {
  if (latest === undefined || latest.release === edition.release || update) return;
  throw new ReleaseRefused(
    `Nothing was imported. ${programme} holds ${nameOf(latest)}, and these files are another one, ${edition.release}. ` +
      '--update sends what differs, --update --dry-run shows it first; another register needs a programme of its own.',
  );
}
const nameOf = ({ release }: Edition) => (release === '' ? 'a release of before releases were named' : `release ${release}`);

/** What the programme needs before the projects: to be there since the first of them began. */
function preparation(
  projects: readonly Project[],
  { programme }: Holdings,
  options: PlanOptions,
  { title, timeZone }: ImportRequest,
): Command[] {
  const first = projects.reduce((least, { proposedOn }) => (proposedOn < least ? proposedOn : least), options.today);
  if (!programme) return [establishProgramme(title, timeZone, first, options)];
  return first < programme.establishedOn ? [establishEarlier(first, options)] : [];
}

/** What the release no longer has is kept, and noted: a project missing from a file is no reason to undo its money. */
function noteGone({ initiatives, notes }: Checked, holdings: Holdings): void {
  for (const [code, { ours }] of holdings.initiatives)
    if (ours && !initiatives.has(code))
      notes.push({ kind: 'project-gone', project: code, detail: 'no longer published; the ledger keeps it' });
}

/** Rows that are left out, by the keys that the ledger may hold them under. */
function keysOf(rows: readonly LeftOut[]): Set<string> {
  return new Set(rows.flatMap(({ transaction = '', letter }) => rowKeys(movementId(transaction), letter)));
}

/** Projects in runs of at least {@link batch} commands. */
function* chunks(projects: readonly Project[]): Iterable<Project[]> {
  let [run, size]: [Project[], number] = [[], 0];
  for (const project of projects) {
    run.push(project);
    size += project.movements.length + 1;
    if (size < batch) continue;
    yield run;
    [run, size] = [[], 0];
  }
  if (run.length > 0) yield run;
}

/** Sends what has no outcome yet, and learns what became of it from the ledger's records. */
class Sender {
  sent = 0;
  readonly before: number;

  constructor(
    private readonly target: ImportTarget,
    private readonly holdings: Holdings,
    private readonly programme: string,
  ) {
    this.before = holdings.answers.size;
  }

  /** @throws {ImportStopped} a command has no answer: the ledger could not decide it, or took it for none. The same import again sends it again. */
  async send(commands: readonly Command[]): Promise<void> {
    const { answers } = this.holdings;
    const stepOf = ({ commandId }: Command) => importedBy(commandId)?.step ?? '';
    const isKnown = (command: Command) => answers.get(stepOf(command)) !== undefined;
    const unknown = commands
      .filter((command) => !isKnown(command))
      .map((command) => sentAgain(command, answers.timesUnanswered(stepOf(command))));
    if (unknown.length === 0) return;
    const received = await this.target.submitAll(unknown);
    if (received.length !== unknown.length)
      throw new ImportStopped(`the ledger gave ${received.length} answers to ${unknown.length} commands`);
    this.sent += unknown.length;
    await this.holdings.catchUp(this.target, this.programme);
    for (const [index, command] of unknown.entries()) {
      const answer = received[index];
      if (answer && !answer.accepted && !isKnown(command))
        throw new ImportStopped(`the ledger doesn’t take ${command.type} ${command.commandId} (${answer.code}): ${answer.detail}`);
    }
  }
}
