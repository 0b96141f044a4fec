import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { eventTypes } from '../../libs/domain/capabilities.js';
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { sendEveryCommand } from '../support/every-command.js';
import { forge } from '../support/events-topic.js';
import { runLedger, startLedger, temporaryFolder, until } from '../support/ledger-process.js';
import { fundInitiative } from '../support/programme.js';
import { openDistributed, ready, type Distributed } from '../support/services.js';

type Verdict = { sound: boolean; faults: string[]; heads: { programme: string; position: number; hash: string; readModels?: string }[] };
const sorted = ({ heads }: Verdict) => [...heads].sort((one, other) => (one.programme < other.programme ? -1 : 1));

describe('the twin', () => {
  let distributed: Distributed;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    [distributed, folder] = await Promise.all([openDistributed(), temporaryFolder()]);
  });
  afterAll(async () => {
    await distributed.stop();
    await folder.remove();
  });

  const verify = async (settings: Record<string, string>): Promise<Verdict> => {
    const { stdout, stderr } = await runLedger(['verify', '--json'], settings);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Verdict;
  };
  /** Verifies once every document has caught up with the log. */
  const verifyWhole = async (settings: Record<string, string>, positions: number): Promise<Verdict> => {
    let verdict: Verdict = await verify(settings);
    await until('every programme is folded', async () => {
      verdict = await verify(settings);
      return (
        verdict.heads.every(({ readModels }) => readModels !== undefined) &&
        verdict.heads.reduce((sum, { position }) => sum + position, 0) >= positions
      );
    });
    return verdict;
  };

  it('holds the same records and the same documents, there and back', async () => {
    // The whole Nepal release, a programme with a refusal and a cancellation, and one with every kind of event, decided by the services.
    const services = await Promise.all([distributed.start('commands'), distributed.start('projections')]);
    await Promise.all(services.map((service) => ready(service)));
    const clients = await distributed.clients(services[0].url);
    await fundInitiative(clients, '1000');
    for (const id of ['T-1', 'T-2', 'T-3'])
      await clients.ministry.post('/programmes/p/initiatives/i/spending', { transactionId: id, amount: '400' });
    await clients.finance.post('/programmes/p/initiatives/i/cancellation', { reason: 'r', legalBasis: 'law' });
    await sendEveryCommand({ ...clients, controller: clients.finance.as(await distributed.token('finance', 'treasury')) }, 'every');
    const imported = await runLedger(
      ['import', 'aims', 'test/data/nepal', '--programme', 'aid', '--currency', 'USD', '--json'],
      distributed.settings,
    );
    expect(imported.stderr).toBe('');
    const report = JSON.parse(imported.stdout) as { mismatches: object[]; refusals: { code: string; count: number }[] };
    expect(report.mismatches).toEqual([]);
    expect(report.refusals.map(({ code, count }) => [code, count])).toEqual([
      ['funding-exceeded', 174],
      ['reversal-exceeds-spending', 1],
    ]);
    const onKafka = await verifyWhole(distributed.settings, 9);
    expect(onKafka).toMatchObject({ sound: true });
    expect(onKafka.heads.length).toBe(3);

    const exported = await runLedger(['export'], distributed.settings);
    expect(eventTypes.filter((type) => !exported.stdout.includes(`"type":"${type}"`))).toEqual([]);
    const file = join(folder.path, 'export.ndjson');
    await writeFile(file, exported.stdout);

    // Import into an embedded ledger, which folds the records when it is served.
    const embedded = { DATA_DIR: join(folder.path, 'embedded') };
    const put = await runLedger(['import', 'records', file, '--json'], embedded);
    expect({ code: put.code, stderr: put.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(put.stdout)).toEqual({ added: exported.stdout.trimEnd().split('\n').length, there: 0 });
    const ledger = await startLedger(embedded.DATA_DIR);
    await until('the embedded ledger is ready', async () => (await fetch(`${ledger.url}/health/ready`)).ok);
    await ledger.stop();
    const inFile = await verifyWhole(embedded, 9);
    expect(sorted(inFile)).toEqual(sorted(onKafka));

    // Import back into another distributed ledger.
    const back = await runLedger(['export'], embedded);
    expect(back.stdout.split('\n').sort()).toEqual(exported.stdout.split('\n').sort());
    const backFile = join(folder.path, 'back.ndjson');
    await writeFile(backFile, back.stdout);
    const other = {
      ...distributed.settings,
      EVENT_LOG: `${distributed.settings['EVENT_LOG']!}-back`,
      READ_MODELS: `${distributed.settings['READ_MODELS']!}-back`,
      KAFKA_PARTITIONS: '3',
    };
    const again = await runLedger(['import', 'records', backFile, '--json'], other);
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    const twice = await runLedger(['import', 'records', backFile, '--json'], other);
    expect(JSON.parse(twice.stdout)).toMatchObject({ added: 0 });
    const projections = await distributed.start('projections', 'projections-back', other);
    await ready(projections);
    expect(sorted(await verifyWhole(other, 9))).toEqual(sorted(onKafka));
  });

  it('refuses an export that was edited, and one of another history', async () => {
    const { stdout } = await runLedger(['export'], { DATA_DIR: join(folder.path, 'embedded') });
    const edited = join(folder.path, 'edited.ndjson');
    await writeFile(edited, stdout.replace('"amount":"400"', '"amount":"401"'));
    const refused = await runLedger(['import', 'records', edited], { DATA_DIR: join(folder.path, 'fresh') });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/the export is wrong: the record at position \d+ of p/);
  });

  it('differs from a forgery: verify names a changed or removed document, and an added record', async () => {
    const found = async () => {
      const { code, stdout } = await runLedger(['verify', '--json'], distributed.settings);
      return { code, faults: (JSON.parse(stdout) as Verdict).faults };
    };
    const client = new MongoClient(distributed.settings['READ_MODELS'] ?? '');
    const names = (await client.db().listCollections().toArray()).map(({ name }) => name);
    const initiatives = client.db().collection<{ _id: string }>(names.find((name) => name.endsWith('.initiatives')) ?? '');
    await initiatives.updateOne({ _id: 'p/i' }, { $set: { 'body.spent': '801' } });
    const wrong = (found: string) => ({
      code: 1,
      faults: [
        `the document p/i of initiatives: ${found}; read models are no part of the history: name another database in READ_MODELS, and the projections fold them again`,
      ],
    });
    expect(await found()).toEqual(wrong('the document is not what the log folds to: spent is "801", not "800"'));
    await initiatives.updateOne({ _id: 'p/i' }, { $set: { 'body.spent': '800', 'fields.suspended': 1 } });
    expect(await found()).toEqual(wrong('the document is not what the log folds to: queries compare it by suspended 1, not 0'));
    await initiatives.deleteOne({ _id: 'p/i' });
    expect(await found()).toEqual(wrong('the document is missing'));
    await client.close();

    const { stdout } = await runLedger(['export'], distributed.settings);
    const last = stdout.split('\n').findLast((line) => line.startsWith('{"programme":"p",'))!;
    const { position, ...record } = JSON.parse(last) as { position: number; previousHash: string; type: string };
    // Correct except that it names another record as its predecessor, and so its link in the chain.
    const forged = last
      .replace(`"position":${position}`, `"position":${position + 1}`)
      .replace(record.previousHash, record.previousHash.split('').reverse().join(''));
    await forge(distributed, {
      partition: partitionOf('p', 4),
      key: 'p',
      value: forged,
      headers: { ce_type: record.type, ce_id: `p/${position + 1}` },
    });
    const { code, faults } = await found();
    expect(code).toBe(1);
    expect(faults).toEqual([
      expect.stringMatching(
        new RegExp(`^the record at position ${position + 1} of p \\(offset \\d+\\): it does not name the hash of the record before`),
      ),
    ]);
  });
});
