/** What is no proper command, and what its answer says would be right. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending, type FundedInitiative } from './testing/funded-initiative.js';

let app: TestApplication;
let justice = '';
let recorded: FundedInitiative['recorded'];

beforeAll(async () => {
  ({ app, justice, recorded } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('a malformed command is answered 400, says what would be right, and reaches no log:', () => {
  const bodies: [string, unknown, RegExp][] = [
    ['no JSON', '{"transactionId":', /not valid JSON/],
    ['nothing that is JSON', 'amount=100', /not valid JSON/],
    ['a key twice', '{"transactionId":"T-1","amount":"1","amount":"2"}', /names a key twice/],
    ['a key twice, once escaped', '{"transactionId":"T-1","amount":"1","\\u0061mount":"2"}', /names a key twice/],
    ['__proto__', '{"transactionId":"T-1","amount":"1","__proto__":{"role":"admin"}}', /forbidden prototype/i],
    ['constructor.prototype', '{"transactionId":"T-1","amount":"1","constructor":{"prototype":{"x":1}}}', /forbidden prototype/i],
    ['an array', [spending()], /must be a JSON object/],
    ['nested arrays', [[[spending()]]], /must be a JSON object/],
    ['text', '"spend"', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['an array for an amount', spending({ amount: ['100'] }), /amount must be an amount above zero/],
    ['an object for an amount', spending({ amount: { value: '100' } }), /amount must be an amount above zero/],
    ['too deep', JSON.stringify(spending({ payee: [[[[[[[[['x']]]]]]]]] })), /nested more than 8 levels/],
    ['a number for an amount', spending({ amount: 100 }), /a string of 1 to 18 digits/],
    ['a negative amount', spending({ amount: '-100' }), /above zero/],
    ['zero', spending({ amount: '0' }), /above zero/],
    ['a fraction', spending({ amount: '1.50' }), /without sign, point or exponent/],
    ['an exponent', spending({ amount: '1e5' }), /without sign, point or exponent/],
    ['19 digits', spending({ amount: '1000000000000000000' }), /1 to 18 digits/],
    ['no number', spending({ amount: 'a lot' }), /minor units/],
    ['an amount with blanks', spending({ amount: ' 100 ' }), /minor units/],
    ['an amount in other digits', spending({ amount: '١٠٠' }), /minor units/],
    ['no amount', { transactionId: 'T-1' }, /amount must be/],
    ['null for an amount', spending({ amount: null }), /must not be null/],
    ['an unknown field', spending({ colour: 'red' }), /colour is no field of RecordSpending; there are transactionId, amount/],
    ['a field named toString', spending({ toString: 'x' }), /toString is no field/],
    ['a day that does not exist', spending({ occurredOn: '2024-02-30' }), /a day that exists/],
    ['a day of another calendar', spending({ occurredOn: '30.02.2024' }), /YYYY-MM-DD/],
    ['a moment for a day', spending({ occurredOn: '2024-02-03T00:00:00Z' }), /YYYY-MM-DD/],
    ['an id with a slash', spending({ transactionId: 'a/b' }), /an id of 1 to 64/],
    ['an empty id', spending({ transactionId: '' }), /an id of 1 to 64/],
    ['a control character', spending({ payee: 'a\u0000b' }), /readable text/],
    ['half a surrogate pair', '{"transactionId":"T-1","amount":"1","payee":"\\ud800"}', /readable text/],
    ['onBehalfOf by a ministry', spending({ onBehalfOf: { organisation: 'ministry-of-finance', role: 'finance' } }), /for admins alone/],
    ['what the address says', spending({ initiative: 'j' }), /stands in the address/],
  ];
  it.each(bodies)('%s', async (_what, body, says) => {
    const before = await recorded();
    const answer = await app.send('POST', `${i}/spending`, { token: justice, body });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ code: 'malformed', status: 400, type: 'urn:initiative-ledger:problem:malformed' });
    expect(answer.json['detail']).toMatch(says);
    expect(await recorded()).toBe(before);
  });

  it('bytes that are no UTF-8', async () => {
    const body = Buffer.from('{"transactionId":"T-1","amount":"1","payee":"\xff"}', 'latin1');
    const { status, json } = await app.send('POST', `${i}/spending`, { token: justice, body });
    expect([status, json['detail']]).toEqual([400, 'the body must be UTF-8']);
  });
  it.each([
    ['idempotency-key', 'a key', /an id of 1 to 64/],
    ['idempotency-key', '', /an id of 1 to 64/],
    ['if-match', '7', /one version in quotes/],
    ['if-match', '"0"', /one version in quotes/],
    ['if-match', '"7", "8"', /one version in quotes/],
    ['if-match', '*', /one version in quotes/],
  ])('the header %s: %s', async (name, value, says) => {
    const { status, json } = await app.send('POST', `${i}/spending`, { token: justice, body: spending(), headers: { [name]: value } });
    expect([status, json['detail']]).toEqual([400, expect.stringMatching(says)]);
  });
});

describe('a request', () => {
  it('with parameters that its route does not know, or twice, is answered 400', async () => {
    for (const query of ['?dryrun=true', '?dryRun=yes', '?dryRun=true&dryRun=true'])
      expect((await app.send('POST', `${i}/spending${query}`, { token: justice, body: spending() })).status).toBe(400);
    for (const query of [
      '?limit=0',
      '?limit=1001',
      '?limit=ten',
      '?sort=colour',
      '?status=dead',
      '?suspended=maybe',
      '?cursor=x',
      '?colour=red',
    ])
      expect((await app.send('GET', `${p}/initiatives${query}`)).status).toBe(400);
    for (const query of [
      '?occurredBy=2024-02-30',
      '?occurredBy=yesterday',
      '?knownBy=2024-02-03',
      '?knownBy=2024-02-03T00:00:00',
      '?knownBy=2024-02-30T00:00:00Z',
    ])
      expect((await app.send('GET', `${i}${query}`)).status).toBe(400);
  });
  it('with a body of another content type is answered 415', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([status, json['code']]).toEqual([415, 'unsupported-media-type']);
  });
  it('with a huge body is answered 413', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ description: 'x'.repeat(70_000) }),
    });
    expect([status, json['code']]).toEqual([413, 'body-too-large']);
  });
});
