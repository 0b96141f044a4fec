/** Makes statements: folds the documents of a programme, computes the root over them, and keeps what each says. */
import { start, type EventLog } from '../../event-log/ports.js';
import { decodeRecord } from '../../event-log/record.js';
import { tileWidth } from '../tree/tiles.js';
import { foldDocuments, type Stops } from './fold.js';
import type { FoldedDocuments } from '../sqlite/folded-documents.js';
import { mayAsk } from './occasion.js';
import type { Statement, Statements } from './ports.js';
import { treeOver } from './stated-tree.js';

export type StatementMaker = {
  log: Pick<EventLog, 'read'>;
  partition: number;
  /** Folded by this maker alone. */
  documents: FoldedDocuments;
  statements: Statements;
};

/**
 * Makes a statement of a programme as of the end of the log. Made again for the same position, it is the same.
 * @returns `undefined` if the programme has no record @throws {LogDiverged} @throws {LogUnreadable}
 */
export async function makeStatement(maker: StatementMaker, programme: string): Promise<Statement | undefined> {
  await foldDocuments(maker.log, maker.partition, maker.documents);
  return addStatement(maker, programme);
}

/**
 * If nothing is folded yet: folds the log, and makes every statement again that was published, so that it can be served.
 * @throws {LogDiverged} @throws {LogUnreadable}
 */
export async function remakeStatements(maker: StatementMaker): Promise<void> {
  const { log, partition, documents } = maker;
  if (documents.offset(partition) !== start) return;
  await foldDocuments(log, partition, documents, {
    ...(await stopsAtStatements(log, partition)),
    reached: async (programme) => {
      await addStatement(maker, programme);
    },
  });
}

/** Stops at every position that a statement in the log is of. */
export async function stopsAtStatements(log: Pick<EventLog, 'read'>, partition: number): Promise<Pick<Stops, 'isAt'>> {
  const positions = new Map<string, Set<number>>();
  for await (const entries of log.read(partition, start))
    for (const entry of entries) {
      if (entry.kind !== 'record' || !mayAsk(entry)) continue;
      const record = decodeRecord(entry.bytes);
      if (record.type !== 'StatementPublished') continue;
      const known = positions.get(record.programme) ?? new Set();
      positions.set(record.programme, known.add(record.data.position));
    }
  return { isAt: (programme, position) => positions.get(programme)?.has(position) ?? false };
}

/** Makes a statement of a programme as it is folded. */
async function addStatement({ documents, statements }: StatementMaker, programme: string): Promise<Statement | undefined> {
  const position = documents.head(programme)?.position;
  if (position === undefined) return undefined;
  const known = await statements.at(programme, position);
  if (known) return known;
  const { size, root, tiles } = await treeOver(documents.pages(programme, tileWidth));
  const before = (await statements.last(programme, position))?.position ?? 0;
  const statement = { programme, position, size, root };
  await statements.add({ ...statement, tiles, changed: documents.pages(programme, 1_000, before) });
  return statement;
}
