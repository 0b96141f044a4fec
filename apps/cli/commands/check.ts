/** `ledger check`: proves a file of evidence, without a ledger. */
import { readFile } from 'node:fs/promises';
import { checkEvidence, type EvidenceVerdict, type Figures } from '../../../libs/proof/evidence/check-evidence.js';
import { keyIn } from '../../../libs/proof/evidence/keys.js';
import { exitStatus, table, UserError } from '../output.js';

/**
 * The verdict on a file. @param lines the lines of the keys whose signatures the reader requires; if there are none, the file's own
 * @throws {UserError} the file can't be read, or a line is none of a key
 */
export async function checkFile(file: string, lines: readonly string[]): Promise<EvidenceVerdict> {
  const keys = lines.map((line) => {
    const key = keyIn(line);
    if (!key) throw new UserError(`${line} is not the line of a key: name+number+key, as \`ledger key\` and witnesses print it`);
    return key;
  });
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UserError(`${file} can't be read: ${Error.isError(error) ? error.message : String(error)}`);
  });
  return checkEvidence(bytes, keys);
}

/** What can be wrong beside the evidence itself: the ledger has another history by now. */
export type CheckVerdict = EvidenceVerdict | { verdict: 'wrong'; fault: { code: 'contradicted'; text: string } };

/** A verdict, after the ledger at an address was asked for what it shows today. @throws {UserError} it can't be read now */
export async function comparedWithLedger(verdict: EvidenceVerdict, address: string): Promise<CheckVerdict> {
  if ('fault' in verdict) return verdict;
  const { contradictionBy } = await import('./check-against.js');
  const text = await contradictionBy(address, verdict);
  return text === undefined ? verdict : { verdict: 'wrong', fault: { code: 'contradicted', text } };
}

/** The exit status: sound, wrong, or of a kind that this version can't judge. */
export function statusOfEvidence({ verdict }: CheckVerdict): number {
  return { sound: exitStatus.done, wrong: exitStatus.wrong, 'not-checked': exitStatus.notDone }[verdict];
}

/** A verdict for people. */
export function evidenceInWords(verdict: CheckVerdict): string {
  if ('fault' in verdict) return `${verdict.verdict === 'wrong' ? 'WRONG' : 'NOT CHECKED'}: ${verdict.fault.text}`;
  const { programme, initiative, position, recordedAt, checkpoint, signedBy, keysFrom, records, authority, status, suspended } = verdict;
  return [
    `SOUND: these are the figures of ${initiative} in ${programme} as of position ${position}, stated ${recordedAt}`,
    '',
    table(
      ['year', 'funded', 'spent', 'returned', 'committed', 'free'],
      [...Object.entries(verdict.years).map(([year, figures]) => rowOf(year, figures)), rowOf('in all', verdict.total)],
    ),
    '',
    'Amounts are in minor units, such as tyiyn or cents.',
    `Authority ${authority}, status ${status}${suspended ? ', suspended' : ''}.`,
    `Folded from all ${records} of its records, which are among the ${checkpoint.size} of ${checkpoint.origin}.`,
    ...signedBy.map(({ key, at }) => (at === undefined ? `Signed by ${key}` : `Cosigned ${at} by ${key}`)),
    ...(keysFrom === 'file' ? ['These keys come from the file itself: compare them with published ones, or name those with --key.'] : []),
    'It is not shown that the records are true, nor that others were shown the same history: ask a witness.',
  ].join('\n');
}

function rowOf(label: string, { funded, spent, returned, committed, free }: Figures): string[] {
  return [label, ...[funded, spent, returned, committed, free].map(String)];
}
