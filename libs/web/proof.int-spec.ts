/** The proof on the pages: at their foot, beside every figure, and in plain words. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Proof } from '../application/proof.js';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { headIn } from '../proof/notes/checkpoint.js';
import { cosign, withCosignature } from '../proof/notes/cosignature.js';
import { readNote } from '../proof/notes/signed-note.js';
import { FoldedDocuments } from '../proof/sqlite/folded-documents.js';
import { makeStatement } from '../proof/statements/make-statement.js';
import { publishCommand } from '../proof/statements/publish-command.js';
import { publicPages } from './public-pages.js';

const witness = { name: 'chamber.example/witness', key: generateKeyPairSync('ed25519').privateKey };
/** 2024-03-09, 05:12:44 UTC, which is 11:12 in Bishkek. */
const cosignedAt = 1_709_961_164;

type Sender = 'admin' | 'finance' | 'ministry';
const sendingTo = (app: TestApplication) => async (role: Sender, method: 'PUT' | 'POST', path: string, body: object) => {
  const token = await app.token(role, role === 'ministry' ? 'ministry-of-justice' : 'o');
  const { status, json } = await app.send(method, `/programmes/p${path}`, { token, body });
  expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
};
const programme = { title: { en: 'Digital services' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual' };
const readerOf = (app: TestApplication) => async (path: string) => {
  const { status, text } = await app.send('GET', path, { headers: { accept: 'text/html', 'accept-language': 'en' } });
  return { status, text: text.replaceAll(/[\u00a0\u202f]/g, ' ') };
};
const footOf = (html: string) => /<footer.*<\/footer>/s.exec(html)?.[0] ?? '';
const pages = [
  '',
  '/years/2024',
  '/initiatives',
  '/i/i',
  '/entries',
  '/entries/1',
  '/notices',
  '/compare',
  '/explain?figure=spent',
  '/proof',
];

describe('the pages of a programme', () => {
  let app: TestApplication;
  let get: ReturnType<typeof readerOf>;
  let note: string;
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    get = readerOf(app);
    const send = sendingTo(app);
    await send('admin', 'PUT', '', { ...programme, occurredOn: '2024-01-01' });
    await send('finance', 'POST', '/appropriations', { fiscalYear: 2024, amount: '900', legalBasis: 'law', occurredOn: '2024-01-02' });
    const proposed = {
      initiative: 'i',
      title: { en: 'Register' },
      authority: 'ministry-of-justice',
      region: 'Osh',
      occurredOn: '2024-01-03',
    };
    await send('ministry', 'POST', '/initiatives', proposed);
    await send('finance', 'POST', '/initiatives/i/funding', { fundingId: 'F', fiscalYear: 2024, amount: '50', occurredOn: '2024-01-04' });
    await send('ministry', 'POST', '/initiatives/i/spending', { transactionId: 'T', amount: '20', occurredOn: '2024-01-05' });
    // Until its record is in a checkpoint, a statement proves nothing.
    const checkpoint = async (size: number) => {
      for (;;) {
        const { status, text } = await app.send('GET', '/programmes/p/checkpoint');
        if (status === 200 && headIn(text).size >= size) return text;
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    const documents = FoldedDocuments.open(':memory:');
    const { log, commands } = app.ledger;
    const statement = await makeStatement({ log, partition: 0, documents, statements: app.statements }, 'p');
    documents.close();
    expect(await commands.submit(publishCommand(statement!))).toMatchObject({ kind: 'accepted' });
    expect((await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '6' } })).status).toBe(200);
    note = await checkpoint(6);
    const cosigned = withCosignature(note, cosign(readNote(note).text, witness, cosignedAt));
    await app.cosigned.keep('p', [{ size: 6, note: cosigned, enough: true }]);
  });
  afterAll(() => app.close());

  it.each(pages)('/p/p%s ends with the checkpoint, when it was signed, and who cosigned it when', async (path) => {
    const { status, text } = await get(`/p/p${path}`);
    expect(status).toBe(200);
    const root = headIn(note).root;
    const foot = footOf(text);
    expect(foot).toContain('<a class="ds-link" href="/p/p/proof">Checkpoint</a>: 6 records</li>');
    expect(foot).toContain(`<li>root ${Buffer.from(root).toString('base64').slice(0, 12)}…</li>`);
    expect(foot).toMatch(/<li>signed \w+ \d+, 20\d\d at [^<]+<\/li>/);
    expect(foot).toContain('<bdi>cosigned by chamber.example/witness, March 9, 2024 at 11:12 AM</bdi>');
  });

  it('lead from a past day to the present proof', async () => {
    expect(footOf((await get('/p/p?happened=2024-01-05&lang=en')).text)).toContain('href="/p/p/proof?lang=en"');
  });

  it.each(['/', '/p/unknown', '/p/p?happened=yesterday', '/embed/p/p'])('%s, which is none of them, shows no checkpoint', async (path) => {
    expect((await get(path)).text).not.toContain('Checkpoint');
  });

  const proveOf = async (query: string) => {
    const { text } = await get(`/p/p/explain?${query}`);
    const part = /<section aria-labelledby="prove">(.*?)<\/section>/s.exec(text)?.[1] ?? '';
    const links = [...part.matchAll(/<a class="ds-link" href="([^"]+)">([^<]+)<\/a>/g)].map(([, href, says]) => [says, href]);
    return { said: /<p>(.*?)<\/p>/s.exec(part)?.[1], links, part };
  };
  const evidence = ['Evidence of this initiative', '/programmes/p/initiatives/i/evidence'];
  const others = [
    ['Record of the statement', '/p/p/entries/6'],
    ['The statement whole', '/programmes/p/statements/5'],
    ['The checkpoint with its signatures', '/programmes/p/checkpoint'],
    ['Check a file of evidence', '/check-evidence'],
    ['What this proves, and what it does not', '/p/p/proof'],
  ];

  it.each(['figure=spent&initiative=i', 'figure=free&initiative=i&fiscalYear=2024'])(
    'prove a figure of an initiative (%s) by its evidence and a statement',
    async (query) => {
      const { said, links, part } = await proveOf(query);
      expect(said).toMatch(
        /^The statement of position 5, recorded \w+ \d+, 20\d\d at [^,]+, says what the entries of each initiative up to there add up to in each fiscal year\. The file of evidence proves it without the ledger\. Later entries are not in it\.$/,
      );
      expect(links).toEqual([evidence, ...others]);
      expect(part).toContain('(needs the token of an auditor or an admin)');
    },
  );

  it.each(['figure=spent', 'figure=appropriated&fiscalYear=2024', 'figure=absorption'])(
    'prove a figure of the programme (%s) by a statement',
    async (query) => {
      const { said, links } = await proveOf(query);
      expect(said).toMatch(/^The statement of position 5, recorded .*, says what all entries of the programme up to there add up to/);
      expect(links).toEqual(others);
    },
  );

  it.each(['figure=spent&region=Osh', 'figure=spent&happened=2024-01-05', 'figure=spent&from=2024-01-01'])(
    'say that a figure without a statement (%s) follows from the entries',
    async (query) => {
      const { said } = await proveOf(query);
      expect(said).toBe(
        'No statement says this figure by itself. It follows from the entries that add up to it, and the checkpoint covers every entry up to position 6.',
      );
    },
  );

  it('explain in plain words what the proof shows and what it does not, with the present proof', async () => {
    const { text } = await get('/p/p/proof');
    const terms = [...text.matchAll(/<div class="figure"><dt>([^<]+)<\/dt>(?:<dd>[^<]+<\/dd>){3}<\/div>/g)].map(([, term]) => term);
    expect(terms).toEqual(['Checkpoint', 'Witness', 'Statement', 'Evidence']);
    expect(/<ol>(.*?)<\/ol>/s.exec(text)?.[1]?.match(/<li>/g)).toHaveLength(3);
    expect(text).toContain(`<code class="hash">${app.checkpointKey('p')}</code>`);
    expect(text).toContain('Compare this line with the one that is published beside the budget law.');
    expect(text).toContain(`<code class="hash">${Buffer.from(headIn(note).root).toString('base64')}</code>`);
    expect(text).toMatch(
      /<bdi>chamber\.example\/witness<\/bdi><\/th><td><time datetime="2024-03-09T05:12:44\.000Z">March 9, 2024 at 11:12 AM<\/time>/,
    );
    expect(text).toContain('<a class="ds-link" href="/programmes/p/statements/5">Position 5</a></td><td class="number">2</td>');
    for (const href of ['/programmes/p/checkpoint', '/check-evidence', '/docs', '/p/p/entries/6']) expect(text).toContain(`href="${href}"`);
  });

  it.each(['ky', 'ru', 'en'])('do so in %s', async (language) => {
    const { status, text } = await get(`/p/p/proof?lang=${language}`);
    expect([status, text.includes(`<html lang="${language}"`)]).toEqual([200, true]);
    expect(text.length).toBeLessThan(30_000);
  });

  it('have no proof of a programme that does not exist', async () => {
    expect((await get('/p/unknown/proof')).status).toBe(404);
  });
});

describe('the pages of a programme whose proof can’t be read', () => {
  let app: TestApplication;
  let get: ReturnType<typeof readerOf>;
  beforeAll(async () => {
    const unreadable = () => {
      throw new Error('no store is there');
    };
    app = await openTestApplication({ pages: publicPages, proof: new Proof(unreadable) });
    get = readerOf(app);
    await sendingTo(app)('admin', 'PUT', '', { ...programme, occurredOn: '2024-01-01' });
    expect((await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '1' } })).status).toBe(200);
  });
  afterAll(() => app.close());

  it('are shown without a checkpoint', async () => {
    for (const path of ['/p/p', '/p/p/entries/1', '/p/p/explain?figure=spent', '/p/p/proof']) {
      const { status, text } = await get(path);
      expect([path, status, footOf(text).includes('Checkpoint')]).toEqual([path, 200, false]);
    }
    expect((await get('/p/p/explain?figure=spent')).text).toContain(
      'There is nothing yet to prove it with: no checkpoint is signed, or it cannot be read now.',
    );
    const { text } = await get('/p/p/proof');
    expect(text).toContain('No checkpoint is signed yet, or it cannot be read now.');
    expect(text).toContain('No statement is published yet.');
  });
});
