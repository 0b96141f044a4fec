import type { CommandOf } from '../../domain/commands.js';
import type { Actor } from '../../domain/vocabulary.js';
import { definition } from './document.js';
import type { Statement } from './ports.js';

/** The ledger itself, as the sender of its statements. */
export const theLedger: Actor = { id: 'ledger', organisation: 'ledger', role: 'admin' };

/** The command that publishes a statement. Sent again, it has the outcome that it had before. */
export function publishCommand({ programme, position, size, root }: Statement): CommandOf<'PublishStatement'> {
  return {
    type: 'PublishStatement',
    programme,
    commandId: `statement-${position}`,
    actor: theLedger,
    data: { position, size, root: Buffer.from(root).toString('hex'), definition },
  };
}
