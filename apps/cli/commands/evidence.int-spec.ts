import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, propose, spend } from '../../../libs/command-processing/testing/ledger.js';
import type { EventLog } from '../../../libs/event-log/ports.js';
import { openSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { checkEvidence } from '../../../libs/proof/evidence/check-evidence.js';
import { keyIn } from '../../../libs/proof/evidence/keys.js';
import { publicKeyOf } from '../../../libs/proof/notes/signed-note.js';
import { nameOfKey } from '../../../libs/proof/ports.js';
import { runProof } from '../../../libs/proof/run-proof.js';
import { FoldedDocuments } from '../../../libs/proof/sqlite/folded-documents.js';
import { openSqliteCosignedHeads } from '../../../libs/proof/sqlite/sqlite-cosigned-heads.js';
import { openSqliteSignedHeads } from '../../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteStatements } from '../../../libs/proof/sqlite/sqlite-statements.js';
import { openSqliteTrees } from '../../../libs/proof/sqlite/sqlite-trees.js';
import { catchUp, makeStatement } from '../../../libs/proof/statements/make-statement.js';
import { publishCommand } from '../../../libs/proof/statements/publish-command.js';
import { readConfiguration } from '../../configuration.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { makeProgram } from '../program.js';
import { evidenceFor, type EvidenceAsked } from './evidence.js';

let folder: string;
const configuration = () => readConfiguration({ DATA_DIR: folder });
const evidence = (asked: Partial<EvidenceAsked> = {}) => evidenceFor(configuration(), { programme: 'p', initiative: 'i', ...asked });
/** The writer of the log, which stays open as beside a running server. */
let written: EventLog;

/**
 * A ledger with statements of positions 4 and 7, recorded at 5 and 8, a programme `q` without a statement, and an initiative `late` of position 9, under a
 * signed checkpoint of them all.
 */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-evidence-'));
  const files = filesOf(configuration());
  const log = openSqliteEventLog(files.log);
  written = log;
  const { commands } = await openTestLedger({ log });
  const [trees, signed, cosigned, statements] = [
    openSqliteTrees(files.trees, 'write'),
    openSqliteSignedHeads(files.signed, 'write'),
    openSqliteCosignedHeads(files.cosigned, 'write'),
    openSqliteStatements(files.statements, 'write'),
  ];
  const documents = FoldedDocuments.open(files.documents);
  const maker = { log, partition: 0, documents, statements };
  const publish = async () => {
    const statement = await makeStatement(maker, 'p');
    if (!statement) throw new Error('there is a programme');
    expect(await commands.submit(publishCommand(statement))).toMatchObject({ kind: 'accepted' });
    await catchUp(maker);
  };
  for (const one of fundedInitiative(1_000n)) await commands.submit(one);
  await publish();
  for (const one of [spend(300n, 'T-1'), spend(9_999n, 'T-2')]) await commands.submit(one);
  await publish();
  await commands.submit(propose('late'));
  for (const one of fundedInitiative(5n)) await commands.submit({ ...one, programme: 'q' });

  const { privateKey: key } = generateKeyPairSync('ed25519');
  await signed.begin(nameOfKey(publicKeyOf(key)));
  const stop = new AbortController();
  const refused = (why: string) => {
    throw new Error(why);
  };
  const options = { log, partition: 0, trees, signed, cosigned, key, host: 'ledger.test', now: () => Date.now(), gather: 0 };
  const running = runProof({ ...options, observer: { refused } }, stop.signal);
  const isSigned = async (programme: string, size: number) => (await signed.latest(programme))?.size === size;
  while (!((await isSigned('p', 9)) && (await isSigned('q', 4)))) await pause(10);
  stop.abort();
  await running;
  documents.close();
  await Promise.all([trees, signed, cosigned, statements].map((one) => one.close()));
});
afterAll(async () => {
  await written.close();
  rmSync(folder, { recursive: true });
});

describe('ledger evidence', () => {
  it('proves an initiative’s figures by the latest statement, from the ledger’s files beside a process that writes them', async () => {
    const { name, bytes, keys } = await evidence();
    expect(name).toBe('evidence-p-i-8.json');
    expect(keys).toEqual([expect.stringMatching(/^ledger\.test\/p\+[0-9a-f]{8}\+/)]);
    const verdict = checkEvidence(
      bytes,
      keys.flatMap((line) => keyIn(line) ?? []),
    );
    expect(verdict).toMatchObject({
      ...{ verdict: 'sound', programme: 'p', initiative: 'i', position: 7, records: 3 },
      checkpoint: { origin: 'ledger.test/p', size: 9 },
      total: { funded: 1_000n, spent: 300n },
    });
  });

  it('proves them by an earlier statement if one is named', async () => {
    for (const statement of [4, 6]) {
      const { name, bytes } = await evidence({ statement });
      expect(name).toBe('evidence-p-i-5.json');
      expect(checkEvidence(bytes, [])).toMatchObject({ verdict: 'sound', position: 4, total: { spent: 0n } });
    }
  });

  it('replaces the file that --out names, and names a file that it can’t write', async () => {
    const parse = async (out: string) => {
      const program = makeProgram({ DATA_DIR: folder });
      for (const one of [program, ...program.commands]) one.exitOverride().configureOutput({ writeErr: () => undefined });
      await program.parseAsync(['evidence', '--programme', 'p', '--initiative', 'i', '--out', out], { from: 'user' });
    };
    const out = join(folder, 'mine.json');
    writeFileSync(out, 'an older file');
    await parse(out);
    expect(readFileSync(out).equals((await evidence()).bytes)).toBe(true);
    await expect(parse(join(folder, 'none', 'mine.json'))).rejects.toThrow(/mine\.json can't be written: ENOENT/);
  });

  const order = (programme: string) =>
    `order one with POST /programmes/${programme}/statement-orders while the ledger is served, and ask again some seconds later`;
  it.each<[string, Partial<EvidenceAsked>, string]>([
    ['the programme is unknown', { programme: 'none' }, 'there is no programme none in this ledger'],
    ['the initiative is unknown', { initiative: 'none' }, 'there is no initiative none in p'],
    [
      'no statement is that early',
      { statement: 3 },
      `no statement of position 3 or an earlier one is in the checkpoint of p: leave --statement out, or ${order('p')}`,
    ],
    ['the programme has no statement', { programme: 'q' }, `no statement of q is in its checkpoint yet: ${order('q')}`],
    ['the initiative is younger', { initiative: 'late' }, `late is younger than the statement that would prove it: ${order('p')}`],
  ])('says why there is none, and what to do: %s', async (_what, asked, why) => {
    await expect(evidence(asked)).rejects.toThrow(why);
  });

  it('says what is missing in a folder whose ledger was never served', async () => {
    const { statements } = filesOf(configuration());
    renameSync(statements, `${statements}.aside`);
    try {
      await expect(evidence()).rejects.toThrow(
        `there is no ${statements}, which evidence is made from: \`ledger serve\` makes it, within seconds of its start`,
      );
    } finally {
      renameSync(`${statements}.aside`, statements);
    }
    await expect(evidenceFor(readConfiguration({ DATA_DIR: join(folder, 'none') }), { programme: 'p', initiative: 'i' })).rejects.toThrow(
      `there is no ledger at ${join(folder, 'none', 'ledger.sqlite')}`,
    );
  });
});
