/** Commands that deciding fails on, as where a newer process at the door knows more than the one that decides. They are refused, and stop nothing. */
import { admin } from '../../libs/command-processing/testing/ledger.js';
import type { Command } from '../../libs/domain/commands.js';
import type { Choices } from './choices.js';

const prefix = 'undecidable-';

export function isUndecidable(commandId: string): boolean {
  return commandId.startsWith(prefix);
}

/** A time zone that this process does not know, or an amount that is no number. */
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
