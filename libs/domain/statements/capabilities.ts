import type { Capability } from '../capability.js';
import type { StatementCommandData } from './commands.js';

/** What can be done about statements of the whole programme. */
export const statementsCapabilities = {
  OrderStatement: { by: ['finance', 'auditor', 'admin'], event: 'StatementOrdered', refusals: ['statement-ordered'] },
  // The ledger sends it itself, as an admin.
  PublishStatement: { by: ['admin'], event: 'StatementPublished', refusals: ['statement-ahead', 'statement-exists'] },
} as const satisfies { [T in keyof StatementCommandData]: Capability<T> };
