/** Imports a checked sheet: all rows dry, in one batch, and only then the commands themselves. */
import type { Command } from '../../../libs/domain/commands.js';
import type { CheckedSheet } from '../../../libs/spreadsheets/check-sheet.js';
import type { PlannedCommand } from '../../../libs/spreadsheets/plan-rows.js';
import { answered, tryRows, type Tried } from '../../../libs/spreadsheets/try-rows.js';
import type { Answer, ImportTarget } from '../aims/target.js';

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

/** Sends nothing unless every row can be read and, without `acceptRefusals`, would be accepted. @throws {ImportStopped} */
export async function importSheet(sheet: CheckedSheet, request: SheetRequest, target: ImportTarget): Promise<SheetImport> {
  if (sheet.faults.length > 0) return { outcome: 'faults', sheet, refused: [], accepted: 0, recordedBefore: 0 };
  const tried = await tryRows(sheet.commands, (commands) => target.submitAll(commands, { dryRun: true }));
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

/** Sends commands in their order. @returns those that were refused after all, because others wrote meanwhile */
async function send(planned: readonly PlannedCommand[], { progress }: SheetRequest, target: ImportTarget): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  for (let from = 0; from < planned.length; from += atOnce) {
    const some = planned.slice(from, from + atOnce);
    const sent = await answered(some, (commands) => target.submitAll(commands));
    refused.push(...sent.flatMap((one) => refusedRow(one) ?? []));
    progress(from + some.length, planned.length);
  }
  return refused;
}

function refusedRow({ row, command, answer }: Tried<Answer>): RefusedRow | undefined {
  return answer.accepted ? undefined : { row, command, code: answer.code, detail: answer.detail, ...answer.figures };
}
