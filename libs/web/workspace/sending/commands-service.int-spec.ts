/** The workspace of a process that takes no commands itself. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pino from 'pino';
import { Reading } from '../../../application/reading.js';
import { createApplication } from '../../../http/application.js';
import { LedgerMetrics } from '../../../http/metrics.js';
import { testLimits } from '../../../http/testing/application.js';
import { TokenVerifier } from '../../../http/tokens.js';
import { Person } from '../testing/person.js';
import { openWorkplace, type Workplace } from '../testing/workplace.js';
import { workspaceControllers, workspaceProviders } from '../workspace.js';

/** Begins to listen. @returns the address */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('a server listens at a port');
  return `http://127.0.0.1:${bound.port}`;
}

describe('a workspace beside a commands service', () => {
  let place: Workplace;
  let address: string;
  const open: NestFastifyApplication[] = [];
  const p = '/workspace/p/p';
  const on = '2024-05-01';
  beforeAll(async () => {
    place = await openWorkplace();
    await place.app.application.listen(0, '127.0.0.1');
    address = await place.app.application.getUrl();
  });
  afterAll(async () => {
    for (const application of open) await application.close();
    await place.app.close();
  });

  /** A process over the same read models that answers queries only, and somebody signed in there. */
  async function queries(commandsUrl: string, token: string): Promise<Person> {
    let ids = 0;
    const application = await createApplication({
      reading: new Reading(place.models, () => performance.now()),
      pages: workspaceControllers,
      pageProviders: workspaceProviders({ sessionSecret: '', commandsUrl }),
      tokens: new TokenVerifier({ key: place.app.publicKey, issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now: () => Date.now() }),
      metrics: new LedgerMetrics({}),
      logger: pino({ level: 'silent' }),
      notReady: () => Promise.resolve(undefined),
      newCommandId: () => `form-${open.length}-${++ids}`,
      limits: testLimits,
      publicReading: true,
      corsOrigins: [],
    });
    open.push(application);
    await application.getHttpAdapter().getInstance().ready();
    return Person.signedIn(application, token);
  }
  /** A server before the commands service that loses the first answer to what was recorded. */
  function losingOneAnswer(): Server {
    let lost = 0;
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void fetch(`${address}${request.url ?? ''}`, {
          method: 'POST',
          headers: { authorization: request.headers.authorization ?? '', 'content-type': request.headers['content-type'] ?? '' },
          body: Buffer.concat(chunks),
        })
          .then((answer) => answer.text())
          .then((text) => {
            if (request.url?.includes('dryRun=false') && lost++ === 0) response.destroy();
            else response.end(text);
          });
      });
    });
  }
  const clerkAt = async (commandsUrl: string) => queries(commandsUrl, await place.app.token('ministry', 'ministry-of-justice'));

  it('sends commands there in the name of the person who is signed in, and shows the receipt at once', async () => {
    const clerk = await clerkAt(`${address}/`);
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'one', 'title.en': 'One', occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain('value="record"');
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    const { text } = await clerk.follow();
    expect(text).toContain('<dt>Position</dt><dd>3</dd>');
    expect((await clerk.get(p)).text).toContain(`href="${p}/i/one"`);
  });

  it('shows the refusals of single commands, and which of several was refused', async () => {
    const clerk = await clerkAt(address);
    await clerk.get(`${p}/i/one/send/spending`);
    await clerk.send(`${p}/i/one/send/spending`, { amount: '1', occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain('The initiative does not have that much left to spend.');
    expect(clerk.seen.text).toContain('(funding-exceeded)');

    const finance = await queries(address, await place.app.token('finance', 'ministry-of-finance'));
    const fund = async (amount: string, second: string) => {
      await finance.get(`${p}/funding`);
      await finance.send(`${p}/funding`, {
        initiative: ['one', 'two'],
        'amount.one': amount,
        'amount.two': second,
        fiscalYear: '2024',
        occurredOn: on,
        step: 'check',
      });
    };
    await place.app.send('POST', '/programmes/p/initiatives', {
      token: await place.app.token('ministry', 'ministry-of-justice'),
      body: { initiative: 'two', title: { en: 'Two' }, authority: 'ministry-of-justice', occurredOn: on },
    });
    await fund('6 000', '6 000');
    expect(finance.seen.text).toContain('The year’s appropriation does not have that much left.');
    expect(finance.seen.text).toContain('<dt>Available</dt><dd><data class="money" value="400000">KGS 4,000.00</data></dd>');
    await finance.send(`${p}/funding`, { step: 'edit' });
    await fund('6 000', '4 000');
    await finance.send(`${p}/funding`, { step: 'record' });
    expect([...(await finance.follow()).text.matchAll(/<dt>Position<\/dt><dd>(\d+)<\/dd>/g)].map(([, position]) => position)).toEqual([
      '5',
      '6',
    ]);
  });

  it('says that the outcome is unknown while the service can’t be reached, and sends the command again under the same key', async () => {
    const clerk = await clerkAt('http://127.0.0.1:9');
    await clerk.get(`${p}/send/proposal`);
    const form = clerk.formTo(`${p}/send/proposal`, {
      initiative: 'three',
      'title.en': 'Three',
      occurredOn: on,
      'command-id': 'key-1',
      step: 'record',
    });
    await clerk.post(`${p}/send/proposal`, form);
    expect(clerk.seen.status).toBe(503);
    expect(clerk.seen.text).toContain('it is recorded once at most');
    expect(clerk.seen.text).toContain('name="command-id" value="key-1"');
    expect(clerk.seen.text).toContain('value="record"');
  });

  it('records a command once if it was sent again because the answer was lost', async () => {
    const server = losingOneAnswer();
    const clerk = await clerkAt(await listening(server));
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'once', 'title.en': 'Once', occurredOn: on, step: 'check' });
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    expect([clerk.seen.status, clerk.seen.text.includes('it is recorded once at most')]).toEqual([503, true]);
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    expect((await clerk.follow()).text).toContain('It is recorded for good.');
    const { text } = await place.app.send('GET', '/programmes/p/records?after=0', { token: await place.app.token('auditor', 'chamber') });
    expect(text.split('\n').filter((line) => line.includes('"initiative":"once"'))).toHaveLength(1);
    await new Promise((done) => server.close(done));
  });

  it.each([
    ['no ledger', 'text/html', '<!doctype html>'],
    ['no ledger, but JSON', 'application/json', '{"hello":"world"}'],
  ])('says so too if %s answers', async (_what, type, body) => {
    const server = createServer((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
    const clerk = await clerkAt(await listening(server));
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'four', 'title.en': 'Four', occurredOn: on, step: 'check' });
    expect([clerk.seen.status, clerk.seen.text.includes('The ledger can’t check this now')]).toEqual([503, true]);
    expect(clerk.seen.text).toContain('value="Four"');
    await new Promise((done) => server.close(done));
  });

  it('takes spreadsheets, and sends their rows there', async () => {
    const clerk = await clerkAt(address);
    const rows = ['sheet-a', 'sheet-b'].map((code) => `propose,${code},${on},${code}`);
    for (const [recorded, before] of [
      [2, 0],
      [0, 2],
    ] as const) {
      await clerk.get(`${p}/upload`);
      await clerk.upload(`${p}/upload`, `command,initiative,date,title\n${rows.join('\n')}\n`);
      const { text, path } = await clerk.follow();
      expect([text.includes(`${recorded} rows would be recorded.`), text.includes(`${before} rows are on record already`)]).toEqual([
        ...[recorded > 0, before > 0],
      ]);
      if (recorded === 0) continue;
      await clerk.send(path);
      expect((await clerk.follow()).text).toContain('<th scope="row">Rows recorded</th><td class="number">2</td>');
    }
  });

  it('says that the outcome of a spreadsheet is unknown, too, and records it once when the button is pressed again', async () => {
    const server = losingOneAnswer();
    const clerk = await clerkAt(await listening(server));
    await clerk.get(`${p}/upload`);
    await clerk.upload(`${p}/upload`, `command,initiative,date,title\npropose,lost,${on},Lost\n`);
    const { path } = await clerk.follow();
    await clerk.send(path);
    expect([clerk.seen.status, clerk.seen.text.includes('it is recorded once at most')]).toEqual([503, true]);
    await clerk.send(path);
    expect((await clerk.follow()).text).toContain('<th scope="row">Rows on record already</th><td class="number">1</td>');
    await new Promise((done) => server.close(done));
  });

  it('only reads, and says so, if no commands service is named', async () => {
    const clerk = await clerkAt('');
    for (const path of [`${p}/send/proposal`, `${p}/i/one/send/spending`]) {
      const { status, text } = await clerk.get(path);
      expect([status, text.includes('Nothing can be sent from here'), text.includes('value="check"')]).toEqual([200, true, false]);
    }
    const token = /name="form-token" value="([^"]*)"/.exec(clerk.seen.text)?.[1] ?? '';
    const { text: uploading } = await clerk.get(`${p}/upload`);
    expect([uploading.includes('Nothing can be sent from here'), uploading.includes('type="file"')]).toEqual([true, false]);
    const sent = new URLSearchParams({
      'form-token': token,
      initiative: 'five',
      'title.en': 'Five',
      'command-id': 'k',
      step: 'record',
    }).toString();
    expect((await clerk.post(`${p}/send/proposal`, sent)).text).toContain('Nothing can be sent from here');
    expect((await place.app.send('GET', '/programmes/p/initiatives/five')).status).toBe(404);
  });
});
