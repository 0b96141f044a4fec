import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uploadLimits } from '../../http/bounds/upload-limits.js';
import { workbook } from '../../spreadsheets/testing/files.js';
import { Person, withFile } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

const path = '/workspace/p/p/upload';
const header = 'command,initiative,date,amount,id,payee';
const rows = ['spend,e-notary,2024-03-07,"1,234.50",T-1,Notary Systems', 'spend,e-notary,2024-03-08,10,T-2,'];
const sheet = (...lines: string[]) => [header, ...lines].join('\n');

describe('a spreadsheet in the workspace', () => {
  let place: Workplace;
  let clerk: Person;
  beforeAll(async () => {
    place = await openWorkplace();
    ({ clerk } = place);
    const [ministry, finance] = [await place.app.token('ministry', 'ministry-of-justice'), await place.app.token('finance', 'treasury')];
    const occurredOn = '2024-03-01';
    for (const [token, to, body] of [
      [ministry, '', { initiative: 'e-notary', title: { en: 'E-notary' }, authority: 'ministry-of-justice', occurredOn }],
      [finance, '/e-notary/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '300000', occurredOn }],
    ] as const)
      expect((await place.app.send('POST', `/programmes/p/initiatives${to}`, { token, body })).status).toBe(201);
  });
  afterAll(() => place.app.close());

  const spent = async (position: number) =>
    (await place.app.send('GET', '/programmes/p/initiatives/e-notary', { headers: { 'ledger-position': String(position) } })).json['spent'];
  const head = async () => (await place.app.send('GET', '/programmes/p', {})).json['position'];
  /** Uploads a file and opens its check. */
  const check = async (file: Uint8Array | string, filled: Record<string, string> = {}, person = clerk) => {
    await person.get(path);
    await person.upload(path, file, filled);
    return person.follow();
  };
  const record = async () => {
    await clerk.send(clerk.seen.path);
    return clerk.follow();
  };
  const counts = () =>
    [...clerk.seen.text.matchAll(/<th scope="row">([^<]+)<\/th><td class="number">(\d+)<\/td>/g)].map((row) => row.slice(1));

  it('is offered on the first page of a ministry and of finance, and begins with a template', async () => {
    for (const person of [place.clerk, place.finance]) expect((await person.get('/workspace/p/p')).text).toContain(`href="${path}"`);
    const csv = await clerk.get(`${path}/template.csv`);
    expect([csv.status, csv.headers['content-type'], csv.headers['content-disposition']]).toEqual([
      ...[200, 'text/csv; charset=utf-8', 'attachment; filename="template.csv"'],
    ]);
    expect(csv.text).toContain('command,initiative,date,amount');
    const { status, headers, text } = await clerk.get(`${path}/template.xlsx`);
    expect([status, headers['content-type'], text.slice(0, 2)]).toEqual([
      ...[200, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'PK'],
    ]);
  });

  it('has all its faults named by row and column in the reader’s language, and can’t be recorded', async () => {
    const faulty = sheet('spend,e-notary,2024-03-07,much,T-1,', 'pay,E-Notary,31.02.2024,5,T-2,<b>x</b>');
    const { status, text } = await check(faulty);
    expect([status, text.includes('4 faults in the file.'), text.includes(' value="record"')]).toEqual([200, true, false]);
    expect(text).toMatch(
      /<th scope="row">2<\/th><td[^>]*>amount <small>D2<\/small><\/td><td[^>]*><bdi>“much”<\/bdi><\/td><td[^>]*>This is no amount\.<\/td>/,
    );
    expect(text).toContain('propose, fund, spend, reverse, return, appropriate');
    expect(text).not.toContain(`<form method="post" action="${clerk.seen.path}"`);
    const inRussian = await clerk.get(`${clerk.seen.path}?lang=ru`);
    expect(inRussian.text).toContain('В файле 4 ошибки.');
    expect(inRussian.text).toMatch(/<td[^>]*>сумма <small>D2<\/small><\/td>[\s\S]*?Это не сумма\./);
    const inKyrgyz = await clerk.get(`${path}/${clerk.seen.path.split(/[/?]/)[5] ?? ''}?lang=ky`);
    expect(inKyrgyz.text).toContain('Файлда 4 ката бар.');
  });

  it('has the first hundred faults shown, and the number of all', async () => {
    const { text } = await check(sheet(...Array.from({ length: 130 }, (_, index) => `spend,e-notary,2024-03-07,x${index},T-${index},`)));
    expect([text.includes('130 faults'), text.includes('100 of 130'), text.includes('x99'), text.includes('x100')]).toEqual([
      ...[true, true, true, false],
    ]);
  });

  it('with a row that the ledger refuses is refused with the row’s number, the rule and its figures, and records nothing', async () => {
    const before = await head();
    const { text } = await check(sheet('spend,e-notary,2024-03-07,2000,T-1,', 'spend,e-notary,2024-03-08,1500,T-2,'));
    expect(text).toContain('The ledger would refuse 1 row.');
    expect(text).toMatch(
      /<th scope="row">3<\/th><td>The initiative does not have that much left to spend\.[\s\S]*?KGS 1,000\.00[\s\S]*?KGS 1,500\.00/,
    );
    expect(await head()).toBe(before);
    expect(text).not.toContain(`<form method="post" action="${clerk.seen.path}"`);
  });

  it('of a role that may not send its rows is refused by the ledger', async () => {
    const { text } = await check(sheet(rows[0] ?? ''), {}, place.finance);
    expect(text).toContain('Your role or organisation may not do this.');
    expect((await place.auditor.get(path)).status).toBe(403);
  });

  it('is summed up and recorded once, however often it is sent, in whatever format', async () => {
    const { text } = await check(sheet(...rows));
    expect(text).toContain('2 rows would be recorded.');
    expect(text).toMatch(
      /<th scope="row">Record spending<\/th><td class="number">2<\/td><td class="number"><data class="money" value="124450">/,
    );
    const before = Number(await head());
    const button = clerk.formTo(clerk.seen.path);
    const address = clerk.seen.path;
    await record();
    expect(counts()).toEqual([
      ['Rows recorded', '2'],
      ['Rows on record already', '0'],
    ]);
    expect(clerk.seen.text).toContain('href="/workspace/p/p/today"');
    expect(await spent(before + 2)).toBe('124450');
    const receipt = clerk.seen.text;
    expect((await clerk.post(address, button)).status).toBe(303);
    expect((await clerk.follow()).text).toBe(receipt);

    const again = await workbook({
      Rows: [
        header.split(','),
        ['spend', 'e-notary', new Date('2024-03-08T00:00:00Z'), 10, 'T-2', null],
        ['spend', 'e-notary', '2024-03-07', 1234.5, 'T-1', 'Notary Systems'],
      ],
    });
    expect((await check(again)).text).toContain('No row is new: nothing would be added.');
    expect(clerk.seen.text).toContain('2 rows are on record already');
    expect(
      (
        await check(
          await workbook({
            Rows: [header.split(','), ['spend', 'e-notary', '2024-03-08', 10, 'T-2'], ['spend', 'e-notary', '2024-03-09', 5, 'T-3']],
          }),
        )
      ).text,
    ).toContain('1 row would be recorded.');
    await record();
    expect(counts()).toEqual([
      ['Rows recorded', '1'],
      ['Rows on record already', '1'],
    ]);
    expect(await spent(before + 3)).toBe('124950');
  });

  it('is read in the encoding that is chosen', async () => {
    const utf16 = Buffer.from(sheet('spend,e-notary,2024-03-10,1,T-9,Ак-Суу'), 'utf16le');
    expect((await check(utf16, { encoding: 'utf-16le' })).text).toContain('1 row would be recorded.');
    expect((await check(Buffer.concat([utf16, Buffer.from([0xff])]), { encoding: 'utf-8' })).text).toContain('Choose another one: ');
  });

  it('is refused when it is recorded, and records nothing, if other records since its check forbid it', async () => {
    await check(sheet('spend,e-notary,2024-03-11,1000,T-20,'));
    const token = await place.app.token('ministry', 'ministry-of-justice');
    const body = { transactionId: 'T-30', amount: '100000', occurredOn: '2024-03-11' };
    await place.app.send('POST', '/programmes/p/initiatives/e-notary/spending', { token, body });
    await clerk.send(clerk.seen.path);
    expect([clerk.seen.status, clerk.seen.text.includes('The ledger would refuse 1 row.')]).toEqual([409, true]);
  });

  it('is tried again only after something was recorded', async () => {
    const tried = async () => {
      const { text } = await place.app.send('GET', '/metrics');
      return Number(/^ledger_organisation_commands_total\{organisation="ministry-of-justice"\} (\d+)$/m.exec(text)?.[1]);
    };
    const { text } = await check(sheet('spend,e-notary,2024-03-12,2,T-60,', 'spend,e-notary,2024-03-12,3,T-61,'));
    const once = await tried();
    for (let view = 0; view < 3; view++) expect((await clerk.get(clerk.seen.path)).text).toBe(text);
    expect(await tried()).toBe(once);
    const token = await place.app.token('admin', 'cabinet');
    const body = { reason: 'a new name', title: { ru: 'Программа' } };
    const { status, json } = await place.app.send('POST', '/programmes/p/amendments', { token, body });
    expect(status).toBe(201);
    await spent(Number(json['position']));
    expect((await clerk.get(clerk.seen.path)).text).toContain('2 rows would be recorded.');
    expect(await tried()).toBe(once + 2);
  });

  it('that is too large or missing gets the form again, which says so', async () => {
    for (const bytes of [uploadLimits.file + 1, uploadLimits.body + 1, uploadLimits.discarded + 1]) {
      await clerk.get(path);
      await clerk.upload(path, Buffer.alloc(bytes, 'x'));
      expect([clerk.seen.status, clerk.seen.headers['content-type']]).toEqual([413, 'text/html; charset=utf-8']);
      expect(clerk.seen.text).toContain('The file is too large: at most 2 MB are taken.');
    }
    await clerk.upload(path, '');
    expect([clerk.seen.status, clerk.seen.text.includes('Choose a file that is not empty.')]).toEqual([400, true]);
  });

  it('that is too large gets this page over a real connection too', async () => {
    await clerk.get(path);
    const { body, type } = withFile(new URLSearchParams(clerk.formTo(path)), Buffer.alloc(3 * uploadLimits.file, 'x'));
    await place.app.sendRaw('GET', '/health/live');
    const port = (place.app.application.getHttpServer().address() as AddressInfo).port;
    const headers = { cookie: clerk.cookie, 'content-type': type, 'sec-fetch-site': 'same-origin', 'accept-language': 'en' };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
    expect([answer.status, (await answer.text()).includes('The file is too large')]).toEqual([413, true]);
  });

  it('comes from a page of the same session, as a form with a file', async () => {
    await clerk.get(path);
    expect((await clerk.upload(path, sheet(...rows), { 'form-token': 'x' })).status).toBe(403);
    await clerk.get(path);
    expect((await clerk.upload(path, sheet(...rows), {}, { host: 'ledger.test', origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await clerk.post(path, 'form-token=x')).status).toBe(415);
    const { body } = withFile(new URLSearchParams(), sheet(...rows));
    const send = (type: string, payload?: Buffer) =>
      place.app.application.inject({
        method: 'POST',
        url: path,
        headers: { host: 'ledger.test', 'sec-fetch-site': 'same-origin', cookie: clerk.cookie, 'content-type': type },
        ...(payload && { payload }),
      });
    const sent = [
      await send('multipart/form-data', body),
      await send('multipart/form-data; boundary=a-boundary-of-forms', body.subarray(0, -30)),
      await send('multipart/form-data; boundary=other', body),
      await send('multipart/form-data; boundary=a-boundary-of-forms'),
    ];
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400]);
  });

  it('belongs to the session and the programme that it was sent from', async () => {
    await check(sheet('spend,e-notary,2024-03-12,1,T-40,'));
    const other = await Person.signedIn(place.app.application, await place.app.token('ministry', 'ministry-of-justice', 'u-2'));
    await other.get('/workspace/p/p');
    expect((await other.get(clerk.seen.path)).status).toBe(404);
    await other.get('/workspace/p/p');
    expect((await other.post(clerk.seen.path, other.formTo('/workspace/sign-out'))).status).toBe(404);
    expect((await other.post(clerk.seen.path, clerk.formTo(clerk.seen.path))).status).toBe(403);
    expect((await clerk.get(`${path}/none`)).status).toBe(404);
  });

  it('is checked under the security policy of all pages', async () => {
    const { headers } = await check(sheet('spend,e-notary,2024-03-12,1,T-40,'));
    const policy = headers['content-security-policy'];
    expect(policy).toBe((await clerk.get('/workspace/p/p')).headers['content-security-policy']);
  });
});
