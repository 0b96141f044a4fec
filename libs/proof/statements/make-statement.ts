/** Makes statements: folds the documents of a programme, computes the root over them, and keeps the documents of each. */
import { LogDiverged, type EventLog, type Offset } from '../../event-log/ports.js';
import type { FoldedDocuments } from '../sqlite/folded-documents.js';
import { isSameHash } from '../tree/hashing.js';
import { tileWidth } from '../tree/tiles.js';
import { foldDocuments, type Stops } from './fold.js';
import type { Statement, Statements } from './ports.js';
import { publishedBy } from './published.js';
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
 * @returns `undefined` if the programme has no record
 * @throws {LogDiverged} the store has another statement of that position @throws {LogUnreadable} @throws the signal's reason once it is aborted
 */
export async function makeStatement(maker: StatementMaker, programme: string, signal?: AbortSignal): Promise<Statement | undefined> {
  await foldDocuments(maker.log, maker.partition, maker.documents, { ...(signal && { signal }) });
  return addStatement(maker, programme, signal);
}

/**
 * Folds the documents to the end of the log, and makes every statement again that was published and is not in the store, so that it can be served. Tells
 * the store what was published.
 * @throws {LogDiverged} @throws {LogUnreadable} @throws the signal's reason once it is aborted
 */
export async function catchUp(maker: StatementMaker, signal?: AbortSignal): Promise<void> {
  if (await lacksStatements(maker)) maker.documents.clear();
  await foldWithStatements(maker, signal);
  if (await lacksStatements(maker)) {
    // One that was published after the documents had been folded past its position.
    maker.documents.clear();
    await foldWithStatements(maker, signal);
  }
  for (const statement of maker.documents.published()) await maker.statements.published(statement);
}

/** Whether the store has lost a statement, such as after a power failure, or was put back to an older copy. */
async function lacksStatements({ documents, statements }: StatementMaker): Promise<boolean> {
  for (const { programme, position } of documents.published()) if (!(await statements.at(programme, position))) return true;
  return false;
}

async function foldWithStatements(maker: StatementMaker, signal: AbortSignal | undefined): Promise<void> {
  const { log, partition, documents } = maker;
  const stops: Stops = {
    isAt: await statementsAfter(log, partition, documents.offset(partition)),
    reached: async (programme) => {
      await addStatement(maker, programme, signal);
    },
  };
  await foldDocuments(log, partition, documents, { stops, ...(signal && { signal }) });
}

/** Whether a statement after an offset is of this position. */
async function statementsAfter(log: Pick<EventLog, 'read'>, partition: number, after: Offset): Promise<Stops['isAt']> {
  const positions = new Map<string, Set<number>>();
  for await (const entries of log.read(partition, after))
    for (const entry of entries) {
      const statement = publishedBy(entry);
      if (!statement) continue;
      const known = positions.get(statement.programme) ?? new Set();
      positions.set(statement.programme, known.add(statement.position));
    }
  return (programme, position) => positions.get(programme)?.has(position) ?? false;
}

/** Makes a statement of a programme as it is folded. @throws {LogDiverged} */
async function addStatement(
  { partition, documents, statements }: StatementMaker,
  programme: string,
  signal?: AbortSignal,
): Promise<Statement | undefined> {
  const position = documents.head(programme)?.position;
  if (position === undefined) return undefined;
  const { size, root, tiles } = await treeOver(documents.pages(programme, tileWidth), signal);
  const statement = { programme, position, size, root };
  const known = await statements.at(programme, position);
  if (!known) {
    const before = (await statements.last(programme, position))?.position ?? 0;
    await statements.add({ ...statement, tiles, changed: documents.pages(programme, 1_000, before) });
  } else if (known.size !== size || !isSameHash(known.root, root))
    throw new LogDiverged(
      documents.offset(partition),
      `the statements: that of position ${position} of ${programme} was made from another history than the log holds`,
    );
  return statement;
}
