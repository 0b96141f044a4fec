import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkEvidence } from '../proof/evidence/check-evidence.js';
import { keyIn } from '../proof/evidence/keys.js';
import { FoldedDocuments } from '../proof/sqlite/folded-documents.js';
import { catchUp, makeStatement } from '../proof/statements/make-statement.js';
import { publishCommand } from '../proof/statements/publish-command.js';
import type { Statement } from '../proof/statements/ports.js';
import { leafOfDocument } from '../proof/statements/stated-tree.js';
import { hashLength } from '../proof/tree/hashing.js';
import { TiledTree } from '../proof/tree/tiled-tree.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
const documents = FoldedDocuments.open(':memory:');
let first: Statement;
let second: Statement;

/** Makes the statement of now, and records it. */
async function published(): Promise<Statement> {
  const { log, commands } = app.ledger;
  const maker = { log, partition: 0, documents, statements: app.statements };
  const statement = await makeStatement(maker, 'p');
  if (!statement) throw new Error('there is a programme');
  expect(await commands.submit(publishCommand(statement))).toMatchObject({ kind: 'accepted' });
  await catchUp(maker);
  return statement;
}
const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

beforeAll(async () => {
  app = await openTestApplication();
  const send = async (role: 'admin' | 'finance' | 'ministry', method: 'PUT' | 'POST', path: string, body: object) =>
    app.send(method, path, { token: await app.token(role, role === 'ministry' ? 'ministry-of-justice' : 'o'), body });
  await send('admin', 'PUT', '/programmes/p', { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual' });
  for (const initiative of ['i', 'j']) {
    await send('ministry', 'POST', '/programmes/p/initiatives', { initiative, title: { en: 'I' }, authority: 'ministry-of-justice' });
    await send('finance', 'POST', `/programmes/p/initiatives/${initiative}/funding`, { fundingId: 'F-1', fiscalYear: 2024, amount: '50' });
  }
  first = await published();
  await send('ministry', 'POST', '/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '20' });
  second = await published();
});
afterAll(async () => {
  documents.close();
  await app.close();
});

describe('evidence of an initiative', () => {
  const evidence = async (path: string, role: 'auditor' | 'ministry' = 'auditor') =>
    app.send('GET', path, { token: await app.token(role, role === 'ministry' ? 'ministry-of-justice' : 'chamber-of-accounts') });
  const recordOf = async ({ position }: Statement) =>
    (await app.ledger.records()).find((record) => record.type === 'StatementPublished' && record.data.position === position)?.position;
  /** Waits for evidence by the second statement, whose record is in a checkpoint within a second. */
  const complete = async () => {
    const wanted = await recordOf(second);
    for (;;) {
      const answer = await evidence('/programmes/p/initiatives/i/evidence');
      expect([200, 404]).toContain(answer.status);
      if ((answer.json['statement'] as { position?: number } | undefined)?.position === wanted) return answer;
      await new Promise((done) => setTimeout(done, 20));
    }
  };

  it('proves the figures of its latest statement, with the key of the ledger alone', async () => {
    const { status, headers, text } = await complete();
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(headers['content-disposition']).toBe(`attachment; filename="evidence-p-i-${String(await recordOf(second))}.json"`);
    const key = keyIn(app.checkpointKey('p'));
    expect(checkEvidence(Buffer.from(text), key && [key])).toMatchObject({
      verdict: 'sound',
      initiative: 'i',
      position: second.position,
      keysFrom: 'reader',
      records: 3,
      total: { funded: 50n, spent: 20n, returned: 0n, committed: 0n, free: 30n },
    });
  });

  it('by an earlier statement says the figures of then', async () => {
    await complete();
    const { json } = await evidence(`/programmes/p/initiatives/i/evidence?statement=${first.position}`);
    expect((json['statement'] as { position: number }).position).toBe(await recordOf(first));
    expect((json['document'] as { text: string }).text).toContain('"spent":"0"');
  });

  it('is for auditors and admins, and only of initiatives and statements that exist', async () => {
    expect((await evidence('/programmes/p/initiatives/i/evidence', 'ministry')).status).toBe(403);
    const unknown = await evidence('/programmes/p/initiatives/none/evidence');
    expect([unknown.status, unknown.json['code']]).toEqual([404, 'unknown-initiative']);
    const early = await evidence('/programmes/p/initiatives/i/evidence?statement=1');
    expect([early.status, early.json['code']]).toEqual([404, 'unknown-statement']);
  });
});

describe('the statements of a programme', () => {
  it('are listed from the latest, with the roots that their records have', async () => {
    const { status, json } = await app.send('GET', '/programmes/p/statements');
    const item = ({ position, size, root }: Statement) => ({
      ...{ programme: 'p', position, size, root: hex(root), definition: 'sums-1' },
      record: position + 1,
    });
    expect([status, json['items']]).toEqual([200, [item(second), item(first)]]);
    const recorded = (await app.ledger.records()).flatMap((record) => (record.type === 'StatementPublished' ? [record.data] : []));
    expect(recorded.map(({ position, root }) => [position, root])).toEqual(
      [first, second].map(({ position, root }) => [position, hex(root)]),
    );
    const page = async (query: string) => (await app.send('GET', `/programmes/p/statements?${query}`)).json['items'];
    expect(await page('limit=1')).toEqual([item(second)]);
    expect(await page(`before=${second.position}`)).toEqual([item(first)]);
  });

  it('are read whole, a document a line, whose bytes are the leaves under the root', async () => {
    for (const statement of [first, second]) {
      const { status, headers, text } = await app.send('GET', `/programmes/p/statements/${statement.position}`);
      expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
      const leaves = Buffer.concat(text.trimEnd().split('\n').map(leafOfDocument));
      const tree = new TiledTree(leaves.length / hashLength, () => Promise.resolve(leaves));
      expect([tree.size, hex(await tree.root())]).toEqual([statement.size, hex(statement.root)]);
    }
  });

  it('are neither listed nor served before their records are there', async () => {
    await app.statements.add({ programme: 'p', position: 3, size: 1, root: Buffer.alloc(32), tiles: [], changed: [] });
    expect((await app.send('GET', '/programmes/p/statements?before=4')).json['items']).toEqual([]);
    expect((await app.send('GET', '/programmes/p/statements/3')).status).toBe(404);
  });

  it('say the sums of their own position, not of a later one', async () => {
    const spentIn = async ({ position }: Statement) => {
      const { text } = await app.send('GET', `/programmes/p/statements/${position}`);
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { key: string; document: { years: Record<string, unknown> } });
      return lines.find(({ key }) => key === 'initiatives/i')?.document.years['2024'];
    };
    expect(await spentIn(first)).toEqual({ funded: '50', spent: '0', returned: '0', committed: '0' });
    expect(await spentIn(second)).toEqual({ funded: '50', spent: '20', returned: '0', committed: '0' });
  });

  it.each(['1', '99', '0', 'x'])('there is none of position %s', async (position) => {
    const { status, json } = await app.send('GET', `/programmes/p/statements/${position}`);
    expect([status, json['code'], json['detail']]).toEqual([
      404,
      'unknown-statement',
      `p has no statement of position ${position}; /programmes/p/statements lists all`,
    ]);
  });

  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['before=x', 'before must be a whole number from 1 to 9007199254740991'],
  ])('are not listed with %s', async (query, detail) => {
    const { status, json } = await app.send('GET', `/programmes/p/statements?${query}`);
    expect([status, (json['faults'] as { message: string }[])[0]?.message]).toEqual([400, detail]);
  });

  it('come in no other form', async () => {
    const of = async (path: string, accept: string) => (await app.send('GET', path, { headers: { accept } })).status;
    expect([await of('/programmes/p/statements', 'text/csv'), await of(`/programmes/p/statements/${first.position}`, 'text/csv')]).toEqual([
      406, 406,
    ]);
  });
});
