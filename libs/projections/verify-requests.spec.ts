import { describe, expect, it } from '@jest/globals';
import { actor, command, establish, finance, fund, grant, openTestLedger, propose } from '../command-processing/testing/ledger.js';
import { hashOf } from '../event-log/record.js';
import { HistoryCheck } from './verify-history.js';

type Json = { [key: string]: unknown };
type Forge = (records: Json[]) => Json[];

const second = actor('finance', 'ministry-of-finance', 'second');

/** The first fault of a history with a request, of which somebody with access to the file changed records, hashes and all. */
async function faultIn(forge: Forge): Promise<string | undefined> {
  const ledger = await openTestLedger();
  const approvals = [{ command: 'FundInitiative', above: 50n, role: 'finance' }] as const;
  const returned = command('ReturnRequest', second, { requestId: 'R-5', reason: 'why' });
  for (const one of [
    establish({ approvals }),
    grant(1_000n),
    propose(),
    fund(60n),
    command('ApproveRequest', second, { requestId: 'R-3' }),
    fund(70n, 'F-2'),
    returned,
  ])
    await ledger.commands.submit(one);
  const records = (await ledger.entries()).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Json);
  expect(records.map(({ type }) => type).slice(3)).toEqual([
    'CommandSubmitted',
    'RequestApproved',
    'InitiativeFunded',
    'CommandSubmitted',
    'RequestReturned',
  ]);
  const check = new HistoryCheck();
  let previousHash = '0'.repeat(64);
  for (const [offset, record] of forge(records).entries()) {
    const bytes = Buffer.from(JSON.stringify({ ...record, position: offset + 1, previousHash }));
    previousHash = hashOf(bytes);
    const fault = check.add({ kind: 'record', bytes, programme: 'p', position: offset + 1, offset });
    if (fault) return `${String(fault.position)}: ${fault.found}`;
  }
  return undefined;
}
const change =
  (position: number, more: Json, data: Json = {}): Forge =>
  (records) =>
    records.map((record, index) =>
      index === position - 1 ? { ...record, ...more, data: { ...(record['data'] as Json), ...data } } : record,
    );
/** The records without one, and those after it of the programme itself with versions that have no gap. */
const without =
  (position: number): Forge =>
  (records) =>
    records
      .filter((_record, index) => index !== position - 1)
      .map((record, index) =>
        index >= position - 1 && record['initiative'] === undefined ? { ...record, version: Number(record['version']) - 1 } : record,
      );

describe('the requests of a history', () => {
  it('are sound as the ledger wrote them', async () => {
    expect(await faultIn((records) => records)).toBeUndefined();
  });

  it.each<[string, Forge, string]>([
    ['an approval of nothing', without(4), '4: it ends the request R-3, which was not submitted'],
    ['a request submitted twice', change(7, {}, { requestId: 'R-3' }), '7: the request R-3 is submitted twice'],
    ['a request ended twice', change(8, {}, { requestId: 'R-3' }), '8: it ends the request R-3, which was approved before'],
    ['an approval by the sender', change(5, { actor: finance }), '5: who sent R-3 decided on it'],
    [
      'what waits without an approval',
      change(6, { approvedBy: undefined }),
      '6: the programme’s approvals name what it records, and nobody approved it',
    ],
    ['an approval that is left out', without(5), '5: it says that it was approved, and no approval comes before it'],
    [
      'another approver',
      change(6, { approvedBy: { ...second, id: 'third' } }),
      '6: it says that it was approved, and no approval comes before it',
    ],
    ['another sender', change(6, { actor: { ...finance, id: 'other' } }), '6: it was approved for another sender'],
  ])('that somebody forged are found out: %s', async (_what, forge, says) => {
    expect(await faultIn(forge)).toBe(says);
  });
});
