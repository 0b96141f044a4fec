import type { Command } from '../domain/commands.js';
import type { PlannedCommand } from './plan-rows.js';

/** The most ids tried for one row. */
const attempts = 20;

/** A command with the answer of a dry run. */
export type Tried<A> = PlannedCommand & { answer: A };

/**
 * Tries all commands of a sheet dry, one after another on top of each other. A row that was refused under its id before, when the ledger was in another state,
 * is tried under the next id, because an id has one outcome for ever; so a row should be sent with the command that comes back.
 * @param submitDry decides commands in their order and records nothing; `replayed` says that an answer is that of an earlier command with the same id
 */
export async function tryRows<A extends { accepted: boolean; replayed?: boolean }>(
  planned: readonly PlannedCommand[],
  submitDry: (commands: readonly Command[]) => Promise<readonly A[]>,
): Promise<Tried<A>[]> {
  const wasRefusedBefore = ({ answer }: Tried<A>) => !answer.accepted && answer.replayed === true;
  let tried = await answered(planned, submitDry);
  for (let attempt = 1; attempt < attempts && tried.some(wasRefusedBefore); attempt++)
    tried = await answered(
      tried.map((one) => (wasRefusedBefore(one) ? { row: one.row, command: underNextId(one.command, attempt) } : one)),
      submitDry,
    );
  return tried;
}

/** Submits commands and pairs each with its answer. @throws {Error} there are fewer answers than commands */
export async function answered<A>(
  planned: readonly PlannedCommand[],
  submit: (commands: readonly Command[]) => Promise<readonly A[]>,
): Promise<Tried<A>[]> {
  if (planned.length === 0) return [];
  const answers = await submit(planned.map(({ command }) => command));
  return planned.map(({ row, command }, index) => {
    const answer = answers[index];
    if (answer === undefined) throw new Error(`${planned.length} commands have ${answers.length} answers`);
    return { row, command, answer };
  });
}

function underNextId(command: Command, attempt: number): Command {
  return { ...command, commandId: `${command.commandId.replace(/\.\d+$/, '')}.${attempt}` };
}
