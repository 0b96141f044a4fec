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
  /** The day of the published status; today if absent. */
  asOf?: IsoDate;
  /** Milliseconds since 1970. */
  now: number;
  /** For the programme, if it has to be established. */
  title: string;
  timeZone: string;
  /** Whether the release may be another one than the ledger holds; the import then sends the differences. */
  update?: boolean;
  /** Whether to leave out rows with a fault; otherwise a release with faults is refused. */
  acceptFaults?: boolean;
  /** Called with the number of imported projects and of all projects. */
  progress?: (done: number, total: number) => void;
};

/** The least number of commands sent at once, except for the last ones. */
const batch = 4_000;

/**
 * Imports a release: checks all of it, then sends the commands for everything that the ledger lacks. Commands that have an outcome, refusals included,
 * are not sent again, so a second import adds nothing. A command that the ledger could not decide stops the import; the next import sends it again.
 * @throws {ReleaseRefused} nothing was sent: the files can't be read, have faults, or are another release than the ledger holds
 * @throws {ImportStopped} the ledger doesn't accept the import
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

/** @throws {ReleaseRefused} `--as-of` is in the future */
function optionsFor(request: ImportRequest, { sha256 }: Release, { programme, latest }: Holdings): PlanOptions {
  const today = dayIn(programme?.timeZone ?? request.timeZone, request.now);
  const asOf = request.asOf ?? today;
  if (asOf > today) throw new ReleaseRefused(`--as-of ${asOf} is in the future; it must be a day up to today, ${today}`);
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
    `Nothing was imported. ${all.length === 1 ? 'One fault' : `${all.length} faults`}: correct the files${remedy}.`,
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
const nameOf = ({ release }: Edition) => (release === '' ? 'a release imported before releases had names' : `release ${release}`);

/** Commands before the projects: the programme must be established by the day the first project began. */
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

/** Notes projects that the release no longer has. The ledger keeps them: a project missing from a file is no reason to undo its money. */
function noteGone({ initiatives, notes }: Checked, holdings: Holdings): void {
  for (const [code, { ours }] of holdings.initiatives)
    if (ours && !initiatives.has(code))
      notes.push({ kind: 'project-gone', project: code, detail: 'no longer published; the ledger keeps it' });
}

/** The keys that the ledger may hold left-out rows under. */
function keysOf(rows: readonly LeftOut[]): Set<string> {
  return new Set(rows.flatMap(({ transaction = '', letter }) => rowKeys(movementId(transaction), letter)));
}

/** Divides projects into runs of at least {@link batch} commands. */
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

/** Sends commands that have no outcome yet, and reads their outcomes from the ledger's records. */
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

  /** @throws {ImportStopped} a command has no outcome: the ledger could not decide it, or did not accept it. The same import again sends it again. */
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
        throw new ImportStopped(`the ledger doesn’t accept ${command.type} ${command.commandId} (${answer.code}): ${answer.detail}`);
    }
  }
}
