/** Commands that can't be decided, as if a newer process had accepted them than the one that decides. They are refused, and stop nothing. */
import { admin } from '../../libs/command-processing/testing/ledger.js';
import type { Command } from '../../libs/domain/commands.js';
import type { Choices } from './choices.js';

const prefix = 'undecidable-';

export function isUndecidable(commandId: string): boolean {
  return commandId.startsWith(prefix);
}

/** A command with an unknown time zone, or with an amount that is not a number. */
export function undecidable(made: number, spending: Command, choices: Choices): Command {
  const commandId = `${prefix}${made}`;
  return choices.oneIn(2)
    ? {
        commandId,
        type: 'EstablishProgramme',
        programme: `elsewhere-${made}`,
        actor: admin,
        data: { title: { en: 'E' }, currency: 'KGS', timeZone: 'Asia/Elsewhere', ceiling: 'none', years: 'annual' },
      }
    : ({ ...spending, commandId, type: 'RecordSpending', data: { transactionId: commandId, amount: '1' } } as unknown as Command);
}
