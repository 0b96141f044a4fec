/** Imports a checked sheet: all rows dry, in one batch, and only then the commands themselves. */
import type { Command } from '../../../libs/domain/commands.js';
import type { CheckedSheet } from '../../../libs/spreadsheets/check-sheet.js';
import type { PlannedCommand } from '../../../libs/spreadsheets/plan-rows.js';
import { ImportStopped, type Answer, type ImportTarget } from '../aims/target.js';

/** A row that a rule of the ledger refuses. Figures are minor units. */
export type RefusedRow = { row: number; command: Command; code: string; detail: string; available?: string; requested?: string };

export type SheetImport = {
  /**
   * - `faults`: rows have faults; nothing was tried.
   * - `refused`: the ledger would refuse rows; nothing was sent.
   * - `checked`: a dry run; nothing was sent.
   * - `sent`: every row that the ledger lacked was sent.
   */
  outcome: 'faults' | 'refused' | 'checked' | 'sent';
  sheet: CheckedSheet;
  refused: RefusedRow[];
  /** Rows that the ledger accepts, or would accept. */
  accepted: number;
  /** Rows that an earlier import recorded. */
  recordedBefore: number;
};

export type SheetRequest = {
  /** Whether to check only. */
  dryRun: boolean;
  /** Whether to send the other rows although the ledger refuses some. */
  acceptRefusals: boolean;
  progress: (done: number, total: number) => void;
};

/** The most commands sent at once. */
const atOnce = 200;
/** The most ids tried for one row. */
const attempts = 20;

/** A command as tried dry. */
type Tried = PlannedCommand & { answer: Answer };

/** Sends nothing unless every row can be read and, without `acceptRefusals`, would be accepted. @throws {ImportStopped} */
export async function importSheet(sheet: CheckedSheet, request: SheetRequest, target: ImportTarget): Promise<SheetImport> {
  if (sheet.faults.length > 0) return { outcome: 'faults', sheet, refused: [], accepted: 0, recordedBefore: 0 };
  const tried = await triedDry(sheet.commands, target);
  const refused = tried.flatMap((one) => refusedRow(one) ?? []);
  const accepted = tried.filter(({ answer }) => answer.accepted);
  const before = accepted.filter(({ answer }) => answer.replayed);
  const found = { sheet, refused, accepted: accepted.length - before.length, recordedBefore: before.length };
  if (refused.length > 0 && !request.acceptRefusals) return { ...found, outcome: 'refused' };
  if (request.dryRun) return { ...found, outcome: 'checked' };
  const late = await send(
    accepted.filter(({ answer }) => !answer.replayed),
    request,
    target,
  );
  return { ...found, outcome: 'sent', refused: [...refused, ...late], accepted: found.accepted - late.length };
}

/**
 * The answers of a dry run of all commands, decided one after another. A row that was refused under its id before, when the ledger was another, is tried under
 * the next id, because an id has one outcome for ever.
 */
async function triedDry(planned: readonly PlannedCommand[], target: ImportTarget): Promise<Tried[]> {
  let tried = await triedOnce(planned, target);
  for (let attempt = 1; attempt < attempts && tried.some(wasRefusedBefore); attempt++)
    tried = await triedOnce(
      tried.map((one) => (wasRefusedBefore(one) ? { row: one.row, command: underNextId(one.command, attempt) } : one)),
      target,
    );
  return tried;
}

async function triedOnce(planned: readonly PlannedCommand[], target: ImportTarget): Promise<Tried[]> {
  return answered(
    planned,
    planned.length === 0
      ? []
      : await target.submitAll(
          planned.map(({ command }) => command),
          { dryRun: true },
        ),
  );
}

function answered(planned: readonly PlannedCommand[], answers: readonly Answer[]): Tried[] {
  return planned.map(({ row, command }, index) => {
    const answer = answers[index];
    if (!answer) throw new ImportStopped(`the ledger gave ${answers.length} answers to ${planned.length} commands`);
    return { row, command, answer };
  });
}

const wasRefusedBefore = ({ answer }: Tried) => !answer.accepted && answer.replayed === true;
function underNextId(command: Command, attempt: number): Command {
  return { ...command, commandId: `${command.commandId.replace(/\.\d+$/, '')}.${attempt}` };
}

/** Sends commands in their order. @returns those that were refused all the same, because others wrote meanwhile */
async function send(planned: readonly PlannedCommand[], { progress }: SheetRequest, target: ImportTarget): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  for (let from = 0; from < planned.length; from += atOnce) {
    const some = planned.slice(from, from + atOnce);
    const answers = await target.submitAll(some.map(({ command }) => command));
    refused.push(...answered(some, answers).flatMap((one) => refusedRow(one) ?? []));
    progress(from + some.length, planned.length);
  }
  return refused;
}

function refusedRow({ row, command, answer }: Tried): RefusedRow | undefined {
  return answer.accepted ? undefined : { row, command, code: answer.code, detail: answer.detail, ...answer.figures };
}
