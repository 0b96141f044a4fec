/** Folds a programme's records by the rules of the ledger, and what its statements say, as `ledger verify` does. */
import type { FoldFault, FoldHistory } from '../../libs/proof/witness/replay.js';
import { StatedRecords, type StatedRecordsOptions } from '../../libs/proof/witness/stated-records.js';
import { HistoryCheck } from '../../libs/projections/verify-history.js';
import { entriesIn } from '../cli/export-file.js';

/**
 * Begins the fold of the history of one programme: chain, numbering, every rule, that no record is of another programme, and that no statement is false.
 * @param vouched how many records were vouched for before: their statements were folded then, and are not folded again
 */
export function foldHistoryOf(options: StatedRecordsOptions, vouched: number): FoldHistory {
  const { programme } = options;
  const check = new HistoryCheck();
  const statements = new StatedRecords(options);
  return async (lines) => {
    let fault: FoldFault | undefined;
    for await (const entries of entriesIn(lines)) {
      // More follows the command with the fault.
      if (fault) return { ...fault, isLast: false };
      for (const entry of entries) {
        const { position = 0 } = entry;
        const faultOf = (found: string, isLast: boolean): FoldFault => ({ found: `the record at position ${position}: ${found}`, isLast });
        const broken = entry.programme === programme ? check.add(entry)?.found : `it is not a record of ${programme}`;
        if (broken !== undefined) fault ??= faultOf(broken, true);
        if (fault || position <= vouched) continue;
        const lie = await statements.faultIn(entry);
        // Nothing that follows makes it true.
        if (lie !== undefined) return faultOf(lie, false);
      }
    }
    return fault;
  };
}
