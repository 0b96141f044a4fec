/** How the workspace sends commands: to this process, or to a commands service. */
import type { CommandType } from '../../../domain/commands.js';
import type { CommandAnswer } from '../../../http/outcome-answer.js';
import type { Problem } from '../../../http/problem.js';
import type { Session } from '../session.js';

/** A command as a line of a batch, as programs send it too. Amounts in `data` are minor units as decimal strings. */
export type CommandLine = {
  readonly commandId: string;
  readonly type: CommandType;
  readonly initiative?: string;
  readonly occurredOn?: string;
  readonly data: object;
  /** The papers that it stands on. */
  readonly references?: readonly object[];
};

/** Commands that were all recorded, or would be in a dry run; or the refused one, by its index from 0, and then none was recorded. */
export type Decision =
  | { readonly kind: 'accepted'; readonly answers: readonly CommandAnswer[] }
  | { readonly kind: 'refused'; readonly index: number; readonly answer: CommandAnswer };

export interface CommandSender {
  /**
   * Sends commands to a programme in the name of a session's holder. Several are recorded all or none; a dry run records nothing.
   * @throws {ProblemError} they can't be decided now (503), are too large (413), or the token is not accepted any more (401)
   */
  send(programme: string, lines: readonly [CommandLine, ...CommandLine[]], session: Session, mode: { dryRun: boolean }): Promise<Decision>;
  /**
   * Sends lines of a batch, each decided on its own after those before it; a dry run records nothing.
   * @returns the answers in the order of the lines
   * @throws {ProblemError} as `send`
   */
  sendEach(programme: string, lines: readonly string[], session: Session, mode: { dryRun: boolean }): Promise<readonly CommandAnswer[]>;
}
/** The injection token of {@link CommandSender}; `undefined` if commands can't be sent, and the workspace only reads. */
export const commandSenderToken = Symbol('CommandSender');

/** The decision in the answers to a batch. */
export function decisionIn(answers: readonly CommandAnswer[]): Decision {
  const index = answers.findIndex(({ status }) => status >= 400);
  const answer = answers[index];
  return answer ? { kind: 'refused', index, answer } : { kind: 'accepted', answers };
}

/** The decision that a problem tells of: a line stopped its atomic batch. `undefined` for every other problem. */
export function decisionOf({
  line,
  status,
  code,
  commandId = '',
  detail,
  available,
  requested,
  committed,
  position,
  hash,
}: Problem): Decision | undefined {
  if (line === undefined || status === 503) return undefined;
  const told = {
    ...(available !== undefined && { available }),
    ...(requested !== undefined && { requested }),
    ...(committed !== undefined && { committed }),
    ...(position !== undefined && { position }),
    ...(hash !== undefined && { hash }),
  };
  return { kind: 'refused', index: line - 1, answer: { commandId, status, code, detail, ...told } };
}
