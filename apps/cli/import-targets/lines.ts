import type { Command } from '../../../libs/domain/commands.js';
import { isCode } from '../../../libs/http/parse-command.js';

/** The programme that all commands of a batch go to. */
export function programmeOf(commands: readonly Command[]): string {
  const [programme, ...others] = new Set(commands.map((command) => command.programme));
  if (!isCode(programme) || others.length > 0) throw new Error('a batch goes to one programme');
  return programme;
}
