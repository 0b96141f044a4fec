/** A batch whose lines are decided one by one. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, type FundedInitiative } from './testing/funded-initiative.js';

let app: TestApplication;
let justice = '';
let recorded: FundedInitiative['recorded'];
let positionOfP: FundedInitiative['positionOfP'];

beforeAll(async () => {
  ({ app, justice, recorded, positionOfP } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('a batch', () => {
  const post = async (lines: readonly (string | object)[], query = '', token = justice) => {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const answer = await app.send('POST', `${p}/commands${query}`, { token, body, headers: { 'content-type': 'application/x-ndjson' } });
    return {
      ...answer,
      lines:
        answer.status === 200
          ? answer.text
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as Record<string, unknown>)
          : [],
    };
  };
  const line = (commandId: string, data: object, more: object = {}) => ({
    commandId,
    type: 'RecordSpending',
    initiative: 'i',
    data,
    ...more,
  });

  it('answers every line in order; a bad line does not stop the others', async () => {
    const { lines } = await post([
      line('b-1', { transactionId: 'B-1', amount: '1' }),
      '{"commandId":"b-2"',
      line('b-3', { transactionId: 'B-3', amount: '-1' }),
      line('b-4', { transactionId: 'B-4', amount: '999999999' }),
      { commandId: 'b-5', type: 'Steal', data: {} },
      '{"commandId":"b-6","type":"RecordSpending","initiative":"i","data":{"transactionId":"B-6","amount":"1","__proto__":{}}}',
      line('b-7', { transactionId: 'B-7', amount: '1' }, { programme: 'q' }),
      line('b-8', { transactionId: 'B-8', amount: '1' }),
      '',
      line('b-1', { transactionId: 'B-1', amount: '1' }),
    ]);
    expect(lines.map(({ commandId, status, code }) => [commandId, status, code])).toEqual([
      ['b-1', 201, undefined],
      ['', 400, 'malformed'],
      ['b-3', 400, 'malformed'],
      ['b-4', 409, 'funding-exceeded'],
      ['b-5', 400, 'malformed'],
      ['b-6', 400, 'malformed'],
      ['b-7', 400, 'malformed'],
      ['b-8', 201, undefined],
      ['', 400, 'malformed'],
      ['b-1', 201, undefined],
    ]);
    expect(lines[9]).toMatchObject({ replayed: true, position: lines[0]!['position'] });
  });
  it('decides each command of a dry run after those before it', async () => {
    const before = await recorded();
    const left = Number((await app.send('GET', i, { headers: { 'ledger-position': String(await positionOfP()) } })).json['available']);
    const { lines } = await post(
      [line('d-1', { transactionId: 'D-1', amount: String(left) }), line('d-2', { transactionId: 'D-2', amount: '1' })],
      '?dryRun=true',
    );
    expect(lines.map(({ status, available }) => [status, available])).toEqual([
      [200, undefined],
      [409, '0'],
    ]);
    expect(await recorded()).toBe(before);
  });
  it('of 10,001 lines is too long', async () => {
    const { status, json } = await post(Array.from({ length: 10_001 }, () => '{}'));
    expect([status, json['code']]).toEqual([413, 'batch-too-long']);
  });
  it('answers 413 for a line that is too large, and records the others', async () => {
    const { lines } = await post([
      line('large', { transactionId: 'L', amount: '1', description: 'x'.repeat(70_000) }),
      line('small', { transactionId: 'S', amount: '1' }),
    ]);
    expect(lines.map(({ commandId, status }) => [commandId, status])).toEqual([
      ['large', 413],
      ['small', 201],
    ]);
  });
});
