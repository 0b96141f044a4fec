/** Folds a programme's records by the rules of the ledger, as `ledger verify` does. */
import type { FoldFault, FoldHistory } from '../../libs/proof/witness/replay.js';
import { HistoryCheck } from '../../libs/projections/verify-history.js';
import { entriesIn } from '../cli/export-file.js';

/** Begins the fold of the history of one programme: chain, numbering, every rule, and that no record is of another programme. */
export function foldHistoryOf(programme: string): FoldHistory {
  const check = new HistoryCheck();
  return async (lines) => {
    let fault: FoldFault | undefined;
    for await (const entries of entriesIn(lines)) {
      // More follows the command with the fault.
      if (fault) return { ...fault, isLast: false };
      for (const entry of entries) {
        const found = entry.programme === programme ? check.add(entry)?.found : `it is not a record of ${programme}`;
        if (found !== undefined) fault ??= { found: `the record at position ${String(entry.position)}: ${found}`, isLast: true };
      }
    }
    return fault;
  };
}
