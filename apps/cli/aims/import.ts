import type { Command } from '../../../libs/domain/commands.js';
import { completionSteps } from './completion.js';
import { readEarlier, type Earlier } from './earlier.js';
import { readProjects, readTransactions, type ProjectRow, type TransactionRow } from './files.js';
import { initiativeCodes } from './names.js';
import { commandIdOf, establishProgramme, planProject, type PlanOptions, type ProjectPlan, type Step } from './plan.js';
import { accountOf, type Imported, type ImportReport } from './report.js';
import { ImportStopped, type ImportTarget } from './target.js';

export type ImportRequest = {
  /** The folder that holds `projects.csv` and `transactions.csv`. */
  folder: string;
  options: PlanOptions;
  /** For the programme, where it has to be established. */
  title: string;
  timeZone: string;
  /** How many projects are done, of how many. */
  progress?: (done: number, total: number) => void;
};

/** So many commands are sent at once at least, as long as there are so many. */
const batch = 4_000;

/**
 * Imports a release. What the records already have an outcome for, refusals included, is not sent again, so the same import twice adds nothing.
 * @throws {FileError} the files can't be read
 * @throws {ImportStopped} the ledger doesn't take the import
 */
export async function importRelease(
  { folder, options, title, timeZone, progress }: ImportRequest,
  target: ImportTarget,
): Promise<ImportReport> {
  const { projects, transactions, notes } = await readRelease(folder);
  const earlier = await readEarlier(target.records(options.programme));
  checkProgramme(earlier, options);
  const codes = initiativeCodes(projects.map(({ id }) => id));
  const planned = projects.map((project) =>
    planProject(project, transactions.get(project.id) ?? [], codes.get(project.id) ?? project.id, options),
  );
  const plans = planned.filter((plan) => {
    const own = !isForeign(plan, earlier);
    if (!own) notes.push({ kind: 'project-skipped', project: plan.project, detail: `somebody else proposed ${plan.initiative}` });
    return own;
  });
  const sending = sender(target, earlier);
  const isOurs = earlier.answers.has(commandIdOf(options.programme, 'EstablishProgramme', []));
  if (!earlier.established || isOurs) await establish(plans, title, timeZone, options, sending);

  const imported: Imported[] = [];
  for (let from = 0; from < plans.length;) {
    let to = from;
    for (let size = 0; to < plans.length && size < batch; to++) size += plans[to]?.steps.length ?? 0;
    const chunk = plans.slice(from, to);
    await sending.send(chunk.flatMap(({ steps }) => steps));
    const done = chunk.map((plan) => ({ plan, completion: completionOf(plan, earlier, options) }));
    await sending.send(done.flatMap(({ completion }) => completion));
    imported.push(...done);
    progress?.(to, plans.length);
    from = to;
  }
  const account = accountOf(imported, earlier.answers);
  return {
    programme: options.programme,
    currency: options.currency,
    ...account,
    sent: sending.counts.sent,
    recordedBefore: sending.counts.before,
    notes: [...notes, ...account.notes],
  };
}

type Release = { projects: ProjectRow[]; transactions: Map<string, TransactionRow[]>; notes: ImportReport['notes'] };

async function readRelease(folder: string): Promise<Release> {
  const release: Release = { projects: [], transactions: new Map(), notes: [] };
  const known = new Set<string>();
  for await (const project of readProjects(folder)) {
    const why = project.id === '' ? 'has no project id' : known.has(project.id) ? 'is there twice; the first one is taken' : undefined;
    if (why !== undefined)
      release.notes.push({ kind: 'project-skipped', project: project.id, detail: `line ${project.line} of projects.csv ${why}` });
    else release.projects.push(project);
    known.add(project.id);
  }
  for await (const row of readTransactions(folder)) {
    if (!known.has(row.projectId))
      release.notes.push({ kind: 'row-skipped', project: row.projectId, detail: `line ${row.line}: projects.csv has no such project` });
    const rows = release.transactions.get(row.projectId);
    if (rows) rows.push(row);
    else release.transactions.set(row.projectId, [row]);
  }
  return release;
}

function checkProgramme({ established }: Earlier, { programme, currency }: PlanOptions): void {
  if (!established) return;
  if (established.currency !== currency)
    throw new ImportStopped(
      `${programme} keeps its accounts in ${established.currency}, not ${currency}; import into a programme of its own`,
    );
  if (established.ceiling !== 'none' || established.years !== 'multi-year')
    throw new ImportStopped(
      `${programme} has ceiling ${established.ceiling} and years ${established.years}; published releases need a programme with ceiling none and years multi-year`,
    );
}

/** Whether the initiative is somebody else's, whose money an import must not touch. */
function isForeign({ initiative, steps }: ProjectPlan, { proposals }: Earlier): boolean {
  const proposedBy = proposals.get(initiative);
  return proposedBy !== undefined && proposedBy !== steps[0]?.command.commandId;
}

async function establish(
  plans: readonly ProjectPlan[],
  title: string,
  timeZone: string,
  options: PlanOptions,
  sending: Sender,
): Promise<void> {
  const days = plans.map(({ steps }) => steps[0]?.command.occurredOn ?? options.today);
  const first = days.reduce((least, day) => (day < least ? day : least), options.today);
  const command = establishProgramme(title, timeZone, first, options);
  await sending.send([{ command }]);
  const answer = sending.answerTo(command);
  if (answer?.accepted === false) throw new ImportStopped(`the programme ${options.programme} could not be established: ${answer.detail}`);
}

function completionOf(plan: ProjectPlan, { answers }: Earlier, options: PlanOptions): Step[] {
  const accepted = plan.steps.flatMap(({ command, movement }) => (movement && answers.get(command.commandId)?.accepted ? [movement] : []));
  const steps = completionSteps(plan, accepted, options);
  if (!steps)
    plan.notes.push({
      kind: 'never-funded',
      project: plan.project,
      detail: 'completed as published, but it never got money; it stays as it is',
    });
  return steps ?? [];
}

type Sender = ReturnType<typeof sender>;

/** Sends what has no outcome yet, and keeps the outcomes. */
function sender(target: ImportTarget, { answers }: Earlier) {
  const counts = { sent: 0, before: 0 };
  return {
    counts,
    answerTo: ({ commandId }: Command) => answers.get(commandId),
    async send(steps: readonly Step[]): Promise<void> {
      const commands = steps.map(({ command }) => command).filter(({ commandId }) => !answers.has(commandId));
      counts.before += steps.length - commands.length;
      counts.sent += commands.length;
      if (commands.length === 0) return;
      const received = await target.submitAll(commands);
      commands.forEach(({ commandId }, index) => {
        const answer = received[index];
        if (!answer) throw new ImportStopped(`the ledger gave ${received.length} answers to ${commands.length} commands`);
        answers.set(commandId, answer);
      });
    },
  };
}
