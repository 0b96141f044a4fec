/** Verifies statements: folds the records again, and compares. */
import type { Entry, EventLog } from '../../event-log/ports.js';
import { decodeRecord, type RecordsByType } from '../../event-log/record.js';
import type { FoldedDocuments } from '../sqlite/folded-documents.js';
import type { Hash } from '../tree/hashing.js';
import { tileWidth } from '../tree/tiles.js';
import { foldDocuments } from './fold.js';
import { mayAsk } from './occasion.js';
import { treeOver } from './stated-tree.js';

type Claim = RecordsByType['StatementPublished'];
/** A statement that differs from the fold of its records; `position` is that of its own record. */
export type StatementFault = { programme: string; position: number; found: string };

/** The statements in a log, collected while it is read. */
export class StatementClaims {
  private readonly claims = new Map<string, Claim[]>();
  private readonly programmes = new Set<string>();

  /** Adds an entry whose record can be decoded. */
  add(entry: Entry): void {
    if (entry.kind !== 'record' || !mayAsk(entry)) return;
    const record = decodeRecord(entry.bytes);
    if (record.type !== 'StatementPublished') return;
    const key = keyOf(record.programme, record.data.position);
    this.claims.set(key, [...(this.claims.get(key) ?? []), record]);
    this.programmes.add(record.programme);
  }

  /** The programmes that have statements. */
  get of(): ReadonlySet<string> {
    return this.programmes;
  }
  /** The statements of a position. */
  at(programme: string, position: number): readonly Claim[] {
    return this.claims.get(keyOf(programme, position)) ?? [];
  }
  /** All of a programme. */
  all(programme: string): Claim[] {
    return [...this.claims.values()].flat().filter((one) => one.programme === programme);
  }
}
function keyOf(programme: string, position: number): string {
  return `${programme}/${position}`;
}

/**
 * Verifies the statements of some programmes, whose history is sound.
 * @param documents empty, and used for nothing else
 */
export async function verifyStatements(
  log: Pick<EventLog, 'read'>,
  partition: number,
  documents: FoldedDocuments,
  claims: StatementClaims,
  programmes: ReadonlySet<string>,
): Promise<StatementFault[]> {
  const faults: StatementFault[] = [];
  await foldDocuments({ read: (from, after) => entriesOf(log.read(from, after), programmes) }, partition, documents, {
    stops: {
      isAt: (programme, position) => claims.at(programme, position).length > 0,
      reached: async (programme, at) => {
        const folded = await treeOver(documents.pages(programme, tileWidth));
        for (const { position, data } of claims.at(programme, at)) {
          const found = position <= at ? `it is of position ${at}, which is not before it` : whatIsWrong(data, folded);
          if (found !== undefined) faults.push({ programme, position, found });
        }
      },
    },
  });
  for (const programme of programmes)
    for (const { position, data } of claims.all(programme))
      if (data.position > (documents.head(programme)?.position ?? Number.MAX_SAFE_INTEGER))
        faults.push({ programme, position, found: `it is of position ${data.position}, which the log does not reach` });
  return faults;
}

/** What is wrong with a statement whose documents fold to this; `undefined` if it says the same. */
export function whatIsWrong({ position, size, root }: Claim['data'], folded: { size: number; root: Hash }): string | undefined {
  const found = Buffer.from(folded.root).toString('hex');
  if (size === folded.size && root === found) return undefined;
  return `it says that the ${size} documents as of position ${position} have the root ${root}, and the records fold to ${folded.size} with ${found}`;
}

async function* entriesOf(batches: AsyncIterable<Entry[]>, programmes: ReadonlySet<string>): AsyncIterable<Entry[]> {
  for await (const entries of batches) yield entries.filter(({ programme }) => programme !== undefined && programmes.has(programme));
}
