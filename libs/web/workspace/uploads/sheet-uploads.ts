import { Inject, Injectable } from '@nestjs/common';
import type { Command } from '../../../domain/commands.js';
import { faultsOf, lineOf } from '../../../http/batch-line.js';
import type { CommandAnswer } from '../../../http/outcome-answer.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { checkSheet, type CheckedSheet } from '../../../spreadsheets/check-sheet.js';
import type { PlannedCommand } from '../../../spreadsheets/plan-rows.js';
import { answered, tryRows, type Tried } from '../../../spreadsheets/try-rows.js';
import { commandSenderToken, type CommandSender } from '../sending/command-sender.js';
import type { Session } from '../session.js';
import type { KeptUpload } from './kept-uploads.js';

/** The most commands sent at once. */
const atOnce = 200;

/** A row that the ledger refuses, with its answer. */
export type RefusedRow = { readonly row: number; readonly answer: CommandAnswer };

/** What the check of a spreadsheet found. */
export type SheetFound = {
  readonly sheet: CheckedSheet;
  /** Rows that the ledger would refuse. */
  readonly refused: readonly RefusedRow[];
  /** Commands that the ledger would record. */
  readonly fresh: readonly PlannedCommand[];
  /** Rows that are on record already. */
  readonly recordedBefore: number;
};

/** The outcome of a spreadsheet: counts of rows, and the rows that were refused after all, because others wrote meanwhile. */
export type SheetSent = {
  readonly recorded: number;
  /** Rows that wait for a second person. */
  readonly waiting: number;
  readonly recordedBefore: number;
  readonly refused: readonly RefusedRow[];
};

type Answer = { accepted: boolean; replayed: boolean; answer: CommandAnswer };

/** Checks and records uploaded spreadsheets in the name of a session's holder. */
@Injectable()
export class SheetUploads {
  constructor(@Inject(commandSenderToken) private readonly sender: CommandSender | undefined) {}

  get canSend(): boolean {
    return this.sender !== undefined;
  }

  /** Reads a file and, if it has no fault, tries all its rows dry. @throws {ProblemError} the ledger can't decide now (503) */
  async check({ bytes, language, encoding }: KeptUpload, { programme, minorUnits }: ProgrammeView, session: Session): Promise<SheetFound> {
    const sheet = await checkSheet(bytes, {
      programme,
      digits: minorUnits ?? 0,
      language,
      sender: { actor: session.actor },
      faultsOf,
      ...(encoding && { encoding }),
    });
    if (sheet.faults.length > 0) return { sheet, refused: [], fresh: [], recordedBefore: 0 };
    const tried = await tryRows(sheet.commands, (commands) => this.send(programme, commands, session, { dryRun: true }));
    const accepted = tried.filter(({ answer }) => answer.accepted);
    const fresh = accepted.filter(({ answer }) => !answer.replayed);
    return {
      sheet,
      refused: tried.flatMap(refusedRow),
      fresh: fresh.map(({ row, command }) => ({ row, command })),
      recordedBefore: accepted.length - fresh.length,
    };
  }

  /** Sends what a check found, in the order of rows. @throws {ProblemError} the outcome of some is not known (503); sending all again is safe */
  async record({ fresh, recordedBefore }: SheetFound, { programme }: ProgrammeView, session: Session): Promise<SheetSent> {
    const sent: Tried<Answer>[] = [];
    for (let from = 0; from < fresh.length; from += atOnce)
      sent.push(
        ...(await answered(fresh.slice(from, from + atOnce), (commands) => this.send(programme, commands, session, { dryRun: false }))),
      );
    const newWith = (status: number) =>
      sent.filter(({ answer: { accepted, replayed, answer } }) => accepted && !replayed && answer.status === status).length;
    const [recorded, waiting] = [newWith(201), newWith(202)];
    const refused = sent.flatMap(refusedRow);
    return { recorded, waiting, recordedBefore: recordedBefore + sent.length - recorded - waiting - refused.length, refused };
  }

  private async send(programme: string, commands: readonly Command[], session: Session, mode: { dryRun: boolean }): Promise<Answer[]> {
    if (!this.sender) throw new Error('a process that sends no commands takes no spreadsheets');
    const answers = await this.sender.sendEach(programme, commands.map(lineOf), session, mode);
    return answers.map((answer) => ({ accepted: answer.status < 400, replayed: answer.replayed === true, answer }));
  }
}

function refusedRow({ row, answer: { accepted, answer } }: Tried<Answer>): RefusedRow[] {
  return accepted ? [] : [{ row, answer }];
}
