/** For specs: evidence of a small ledger that a real processor records, signed by keys of its own; and evidence of anything that a dishonest one would write. */
import { generateKeyPairSync } from 'node:crypto';
import type { Command } from '../../../domain/commands.js';
import {
  actor,
  command,
  establish,
  finance,
  fund,
  grant,
  justice,
  openTestLedger,
  propose,
  spend,
} from '../../../command-processing/testing/ledger.js';
import { hashOf, textOf } from '../../../event-log/record.js';
import { signCheckpoint } from '../../notes/checkpoint.js';
import { cosign } from '../../notes/cosignature.js';
import { verifierLine, verifierOf, type Signer } from '../../notes/signed-note.js';
import { initiativeKey } from '../../statements/document.js';
import { FoldedDocuments } from '../../sqlite/folded-documents.js';
import { makeStatement } from '../../statements/make-statement.js';
import type { StatedDocument } from '../../statements/ports.js';
import { publishCommand } from '../../statements/publish-command.js';
import { openSqliteStatements } from '../../sqlite/sqlite-statements.js';
import { leafOfDocument } from '../../statements/stated-tree.js';
import { leafOfRecord, type Hash } from '../../tree/hashing.js';
import { TilesInMemory } from '../../tree/testing/tiles-in-memory.js';
import { TiledTree } from '../../tree/tiled-tree.js';
import { grownTiles } from '../../tree/tiles.js';
import type { Evidence } from '../evidence.js';
import { nodesFor } from '../tree-nodes.js';

/** A signer with a new key. */
export function signerNamed(name: string): Signer {
  return { name, key: generateKeyPairSync('ed25519').privateKey };
}

/** The ledger's own signer, a witness, and another witness whom nobody requires. */
export type Signers = { ledger: Signer; witness: Signer; stranger: Signer };
export function newSigners(): Signers {
  return {
    ledger: signerNamed('ledger.example/p'),
    witness: signerNamed('witness.example/w1'),
    stranger: signerNamed('witness.example/w2'),
  };
}

/** The lines of the keys that a reader requires: the ledger's and the witness's. */
export function linesOf({ ledger, witness }: Signers): string[] {
  return [verifierLine(verifierOf(ledger)), verifierLine(verifierOf(witness), 'witness')];
}

/** What a ledger has written: the text of each record, from position 1 on, and the documents of the statement that the last record publishes. */
export type Written = { records: readonly string[]; documents: readonly StatedDocument[] };

const second = actor('finance', 'ministry-of-finance', 'second');
/** Commands that use each kind of movement: of `i`, which the evidence is of, and of `j` and the programme in between. */
const commands: readonly Command[] = [
  establish(),
  grant(1_000_000n),
  grant(500_000n, 2025),
  propose(),
  propose('j'),
  fund(400_000n),
  fund(100_000n, 'F-1', 'j'),
  command('RecordSpending', justice, { transactionId: 'T-1', amount: 12_345n, payee: 'Нотариат «Ак-Суу» \u{1f3db} "1"' }),
  spend(1_000n, 'T-1', { initiative: 'j' }),
  command('MakeCommitment', justice, { commitmentId: 'C-1', supplier: 'S', amount: 50_000n }),
  command('RecordSpending', justice, { transactionId: 'T-2', amount: 20_000n, commitmentId: 'C-1' }),
  command('ChangeCommitment', justice, { commitmentId: 'C-1', changeId: 'H-1', kind: 'value', change: 5_000n, reason: 'more' }),
  command('MakeCommitment', justice, { commitmentId: 'C-2', supplier: 'S', amount: 900n }),
  command('ReleaseCommitment', justice, { commitmentId: 'C-2', reason: 'done' }),
  command('ReverseSpending', justice, { reversalId: 'R-1', transactionId: 'T-1', amount: 45n, reason: 'error' }),
  command('AdjustFunding', finance, { adjustmentId: 'A-1', fundingId: 'F-1', change: -1_000n, reason: 'law' }),
  command('TransferFunding', finance, { transferId: 'X-1', to: 'j', fiscalYear: 2024, amount: 7_000n, legalBasis: 'law' }),
  command('ReturnFunds', finance, { returnId: 'U-1', fiscalYear: 2024, amount: 3_000n }),
  command('AmendInitiative', finance, { authority: 'ministry-of-health', reason: 'law' }),
  command('CarryOver', finance, { carryOverId: 'O-1', fiscalYear: 2024, amount: 100_000n, legalBasis: 'law' }),
  command('SuspendInitiative', second, { reason: 'audit' }),
];

/** Records a small ledger, whose last record is a statement, and what the statement says. */
export async function writeLedger(sent: readonly Command[] = commands): Promise<Written> {
  const ledger = await openTestLedger();
  for (const one of sent) {
    const outcome = await ledger.commands.submit(one);
    if (outcome.kind !== 'accepted') throw new Error(`${one.type} was not accepted: ${JSON.stringify(outcome)}`);
  }
  const statements = openSqliteStatements(':memory:', 'write');
  const documents = FoldedDocuments.open(':memory:');
  const statement = await makeStatement({ log: ledger.log, partition: 0, documents, statements }, 'p');
  if (!statement) throw new Error('there is a programme');
  const said = await statements.documents(statement, '', 1_000);
  await ledger.commands.submit(publishCommand(statement));
  const entries = (await ledger.entries()).filter(({ kind }) => kind === 'record');
  documents.close();
  await statements.close();
  return { records: entries.map(({ bytes }) => textOf(bytes)), documents: said };
}

async function treeOf(leaves: readonly Hash[]): Promise<TiledTree> {
  const tiles = new TilesInMemory();
  tiles.put(await grownTiles(0, leaves, tiles.read));
  return new TiledTree(leaves.length, tiles.read);
}

/** The statement's record with the root of these documents. */
export async function restated(record: string, documents: readonly StatedDocument[]): Promise<string> {
  const root = await (await treeOf(documents.map(({ text }) => leafOfDocument(text)))).root();
  return record.replace(/"root":"[0-9a-f]{64}"/, `"root":"${Buffer.from(root).toString('hex')}"`);
}

/** Whose events evidence has; the statement is the last record of the ledger but `after`. */
export type Asked = { initiative?: string; positions?: readonly number[]; after?: number; at?: number };

/** Evidence of an initiative as this ledger would make it, whatever it has written. Its positions are those of records that name the initiative. */
export async function evidenceOf({ records, documents }: Written, signers: Signers, asked: Asked = {}): Promise<Evidence> {
  const { initiative = 'i', after = 0, at = 1_717_221_600 } = asked;
  const stated = records.length - after;
  const positions =
    asked.positions ??
    records.slice(0, stated - 1).flatMap((text, index) => (text.includes(`"initiative":"${initiative}",`) ? [index + 1] : []));
  const tree = await treeOf(records.map((text) => leafOfRecord(hashOf(Buffer.from(text)))));
  const { ledger, witness, stranger } = signers;
  const own = signCheckpoint({ origin: ledger.name, size: records.length, root: await tree.root() }, ledger);
  const text = own.slice(0, own.indexOf('\n\n') + 1);
  const index = documents.findIndex(({ key }) => key === initiativeKey(initiative));
  const documentTree = await treeOf(documents.map((one) => leafOfDocument(one.text)));
  const recordAt = (position: number) => ({ position, text: records[position - 1] ?? '' });
  return {
    programme: 'p',
    initiative,
    keys: linesOf(signers),
    checkpoint: own + cosign(text, witness, at) + cosign(text, stranger, at + 60),
    records: positions.map(recordAt),
    statement: recordAt(stated),
    document: { index, text: documents[index]?.text ?? '', path: await documentTree.inclusion(index) },
    nodes: await nodesFor(
      tree,
      [...positions, stated].map((position) => position - 1),
    ),
  };
}
