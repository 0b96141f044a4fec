/** Checks evidence: from the signatures of the checkpoint down to each record, and from the records up to the figures. It needs no ledger and no network. */
import { definition, type Folded, type InitiativeDocument, type StatedSums } from '../statements/document.js';
import { checkSignatures, checkTree } from './check-checkpoint.js';
import { checkDocument, checkFigures, checkStatement, foldRecords } from './check-statement.js';
import { readEvidence, type Evidence } from './evidence.js';
import { EvidenceRefused, type Fault } from './faults.js';
import type { RequiredKey, SignedBy } from './keys.js';

/** Sums in minor units. `free` is what was funded and neither spent, returned nor committed. */
export type Figures = { funded: bigint; spent: bigint; returned: bigint; committed: bigint; free: bigint };
/** What sound evidence proves. */
export type Proven = {
  programme: string;
  initiative: string;
  /** The position that the figures are of, and when the statement of it was recorded. */
  position: number;
  recordedAt: string;
  definition: string;
  checkpoint: { origin: string; size: number; root: string };
  /** Which of the required keys signed the checkpoint: all of them. `keysFrom` says whether the reader required them, or the file itself. */
  signedBy: SignedBy[];
  keysFrom: 'reader' | 'file';
  /** The number of records that the figures are folded from. */
  records: number;
  authority: string;
  status: string;
  suspended: boolean;
  years: Record<string, Figures>;
  total: Figures;
};
/** Evidence is sound, wrong, or of a kind that this version can't judge. */
export type EvidenceVerdict = ({ verdict: 'sound' } & Proven) | { verdict: 'wrong' | 'not-checked'; fault: Fault };

/** Checks a file of evidence. @param keys the keys whose signatures the reader requires; if there are none, the file's own are */
export function checkEvidence(bytes: Uint8Array, keys: readonly RequiredKey[] = []): EvidenceVerdict {
  try {
    return { verdict: 'sound', ...provenBy(readEvidence(bytes), keys) };
  } catch (error) {
    if (!(error instanceof EvidenceRefused)) throw error;
    return { verdict: error.isWrong ? 'wrong' : 'not-checked', fault: { code: error.code, text: error.message } };
  }
}

/** What evidence proves. @throws {EvidenceRefused} its first fault */
export function provenBy(evidence: Evidence, keys: readonly RequiredKey[] = []): Proven {
  const { programme, initiative, records } = evidence;
  const { checkpoint, signedBy } = checkSignatures(evidence, keys);
  checkTree(evidence, checkpoint);
  const stated = checkStatement(evidence);
  checkDocument(evidence, stated);
  const folded = foldRecords(evidence, stated);
  checkFigures(evidence, folded);
  const { position, recordedAt } = stated;
  const { origin, size, root } = checkpoint;
  return {
    programme,
    initiative,
    position,
    recordedAt,
    definition,
    checkpoint: { origin, size, root: Buffer.from(root).toString('base64') },
    signedBy,
    keysFrom: keys.length > 0 ? 'reader' : 'file',
    records: records.length,
    ...figuresIn(folded),
  };
}

function figuresIn({ document }: Folded<InitiativeDocument>): Pick<Proven, 'authority' | 'status' | 'suspended' | 'years' | 'total'> {
  const { authority, status, suspended } = document;
  const years = Object.entries(document.years).map(([year, sums]) => [year, figuresOf(sums)] as const);
  const total = years.reduce<StatedSums>((sum, [, one]) => added(sum, one), nothing);
  return { authority, status, suspended, years: Object.fromEntries(years), total: figuresOf(total) };
}

const nothing: StatedSums = { funded: 0n, spent: 0n, returned: 0n, committed: 0n };
function added(one: StatedSums, other: StatedSums): StatedSums {
  return {
    funded: one.funded + other.funded,
    spent: one.spent + other.spent,
    returned: one.returned + other.returned,
    committed: one.committed + other.committed,
  };
}
function figuresOf({ funded, spent, returned, committed }: StatedSums): Figures {
  return { funded, spent, returned, committed, free: funded - spent - returned - committed };
}
