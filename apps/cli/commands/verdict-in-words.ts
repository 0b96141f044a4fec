import { exitStatus, table } from '../output.js';
import type { Verdict } from './verify.js';

/** The exit status: something is wrong, something could not be checked, or all is sound. */
export function statusOf({ faults, unchecked }: Verdict): number {
  if (faults.length > 0) return exitStatus.wrong;
  return unchecked.length > 0 ? exitStatus.notDone : exitStatus.done;
}

/** A verdict for people. */
export function verdictInWords(
  { faults, unchecked, history, heads, documents, states, statements }: Verdict,
  what: { file?: string; kept?: number },
): string {
  const { records, events, refusals, initiatives } = history;
  const behind = heads.filter(({ foldedTo }) => foldedTo !== undefined);
  return [
    `${records} records checked: ${events} events and ${refusals} refusals of ${initiatives} initiatives; chain, numbering, dates and every rule`,
    ...(what.kept === undefined ? [] : [`kept heads looked for in the history: ${what.kept}`]),
    ...(statements === 0 ? [] : [`${statements} statements folded again from the records`]),
    ...(what.file === undefined ? [documentsInWords(documents)] : []),
    ...(states === undefined ? [] : [`${states} states compared with a fresh fold of the log`]),
    ...behind.map(({ programme, foldedTo }) => `the documents of ${programme} are folded up to position ${String(foldedTo)}`),
    ...(heads.length > 0
      ? [
          '',
          table(
            ['programme', 'position', 'hash'],
            heads.map(({ programme, position, hash }) => [programme, String(position), hash]),
          ),
        ]
      : []),
    '',
    ...faults.map((fault) => `WRONG: ${fault}`),
    ...unchecked.map((cause) => `NOT CHECKED: ${cause}`),
    ...(faults.length + unchecked.length === 0 ? ['Everything is as it should be.'] : []),
  ].join('\n');
}

function documentsInWords(documents: number | undefined): string {
  return documents === undefined
    ? 'the read models were not compared: there are none, or this version has not folded any yet'
    : `${documents} documents compared with a fresh fold of the log`;
}
