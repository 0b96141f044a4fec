/** Makes evidence of an initiative from a ledger's stores. */
import { decodeRecordText } from '../../event-log/record.js';
import { treeOf } from '../grow-trees.js';
import { headIn } from '../notes/checkpoint.js';
import { verifierLine } from '../notes/signed-note.js';
import type { CosignedHeads, SignedHeads, Trees } from '../ports.js';
import { initiativeKey } from '../statements/document.js';
import type { PublishedStatement, Statement, Statements } from '../statements/ports.js';
import { publishedIn } from '../statements/published.js';
import { statedTree } from '../statements/stated-tree.js';
import { isSameHash } from '../tree/hashing.js';
import { tileWidth } from '../tree/tiles.js';
import { servedCheckpoint } from '../witness/served-checkpoint.js';
import type { Evidence, RecordText } from './evidence.js';
import { nodesFor } from './tree-nodes.js';

/** What evidence is made from. */
export type EvidenceStores = {
  trees: Pick<Trees, 'tile'>;
  signed: Pick<SignedHeads, 'latest' | 'key'>;
  cosigned: Pick<CosignedHeads, 'of'>;
  statements: Pick<Statements, 'list' | 'documents' | 'tiles' | 'tileOf'>;
};
/** Reads the records of the programme. */
export type EvidenceRecords = {
  /** The record at a position; `undefined` if it is not known here yet. */
  record(position: number): Promise<RecordText | undefined>;
  /** The initiative's events up to a position; `undefined` if they are too many. */
  events(upTo: number): Promise<readonly RecordText[] | undefined>;
};
/** Why there is no evidence. */
export type NoEvidence = 'no-checkpoint' | 'no-statement' | 'not-stated' | 'too-many-records';

/** How many of the latest statements are tried. */
const mostTried = 10;

/** Evidence of an initiative by the last statement up to `position` whose record is in the checkpoint that readers get; or why there is none. */
export async function makeEvidence(
  { trees, signed, cosigned, statements }: EvidenceStores,
  records: EvidenceRecords,
  { programme, initiative, position }: { programme: string; initiative: string; position?: number },
): Promise<Evidence | NoEvidence> {
  const checkpoint = await servedCheckpoint(programme, signed, cosigned);
  const key = await signed.key();
  if (checkpoint === undefined || key === undefined) return 'no-checkpoint';
  const { origin, size } = headIn(checkpoint);
  const latest = await statements.list(programme, mostTried, Math.min(size, (position ?? size) + 1));
  const published = await firstInTree(latest, records, size);
  if (!published) return 'no-statement';
  const { statement, record } = published;
  const document = await documentOf(statements, statement, initiativeKey(initiative));
  if (!document) return 'not-stated';
  const events = await records.events(statement.position);
  if (!events) return 'too-many-records';
  const leaves = [...events, record].map((one) => one.position - 1);
  return {
    programme,
    initiative,
    keys: [verifierLine({ name: origin, publicKey: Buffer.from(key, 'hex') })],
    checkpoint,
    records: events,
    statement: record,
    document: { ...document, path: await statedTree(statements, statement).inclusion(document.index) },
    nodes: await nodesFor(treeOf(trees, programme, size), leaves),
  };
}

/** The first of the statements that is published, exactly as it is kept, by one of the first `size` records. */
async function firstInTree(
  latest: readonly PublishedStatement[],
  records: EvidenceRecords,
  size: number,
): Promise<{ statement: Statement; record: RecordText } | undefined> {
  for (const statement of latest) {
    const record = statement.record <= size ? await records.record(statement.record) : undefined;
    if (record && isOf(record, statement)) return { statement, record };
  }
  return undefined;
}

/** Whether a record publishes just this statement. */
function isOf({ text }: RecordText, { position, size, root }: Statement): boolean {
  const published = publishedIn(decodeRecordText(text));
  return published?.position === position && published.size === size && isSameHash(published.root, root);
}

/** A statement's document with its index among all. */
async function documentOf(
  statements: EvidenceStores['statements'],
  statement: Statement,
  key: string,
): Promise<{ index: number; text: string } | undefined> {
  const tile = await statements.tileOf(statement, key);
  const [first] = await statements.tiles(statement, tile, 1);
  if (!first) return undefined;
  const beside = await statements.documents(statement, first.firstKey, tileWidth);
  const at = beside.findIndex((one) => one.key === key);
  const text = beside[at]?.text;
  return text === undefined ? undefined : { index: tile * tileWidth + at, text };
}
