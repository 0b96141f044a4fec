import { describe, expect, it } from '@jest/globals';
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
} from '../command-processing/testing/ledger.js';
import { hashOf } from '../event-log/record.js';
import { HistoryCheck } from './verify-history.js';

type Json = { [key: string]: unknown };
type Forge = (records: Json[]) => Json[];

const second = actor('finance', 'ministry-of-finance', 'second');
const head = actor('ministry', 'ministry-of-justice', 'head');

/** The first fault of a history with requests, of which somebody with access to the file changed records, hashes and all. */
async function faultIn(forge: Forge): Promise<string | undefined> {
  const ledger = await openTestLedger();
  const approvals = [
    { command: 'FundInitiative', above: 50n, role: 'finance' },
    { command: 'RecordSpending', above: 20n, role: 'ministry' },
  ] as const;
  const returned = command('ReturnRequest', second, { requestId: 'R-5', reason: 'why' });
  for (const one of [
    establish({ approvals }),
    grant(1_000n),
    propose(),
    fund(60n),
    command('ApproveRequest', second, { requestId: 'R-3' }),
    fund(70n, 'F-2'),
    returned,
    spend(21n, 'T-1'),
    command('ApproveRequest', head, { requestId: 'R-7' }),
    spend(22n, 'T-2'),
    command('ReturnRequest', head, { requestId: 'R-9', reason: 'why' }),
  ])
    await ledger.commands.submit(one);
  const records = (await ledger.entries()).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Json);
  expect(records.map(({ type }) => type).slice(3)).toEqual([
    'CommandSubmitted',
    'RequestApproved',
    'InitiativeFunded',
    'CommandSubmitted',
    'RequestReturned',
    'CommandSubmitted',
    'RequestApproved',
    'SpendingRecorded',
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
/** Another command in a request. */
const changeCommand =
  (position: number, more: Json): Forge =>
  (records) => {
    const held = (records[position - 1]?.['data'] as Json)['command'] as Json;
    return change(position, {}, { command: { ...held, ...more } })(records);
  };
const changeHeld = (position: number, data: Json): Forge => changeCommand(position, { data });
/** The event once more, as another funding. */
const twice =
  (position: number): Forge =>
  (records) =>
    records.flatMap((record, index) =>
      index === position - 1 ? [record, { ...record, version: Number(record['version']) + 1, ...again(record) }] : [record],
    );
const again = ({ data, context }: Json): Json => ({
  data: { ...(data as Json), fundingId: 'F-9' },
  context: { ...(context as Json), statusBefore: 'funded' },
});
/** The records without one, and those after it of the programme itself with versions that have no gap. */
const without =
  (position: number): Forge =>
  (records) =>
    records
      .filter((_record, index) => index !== position - 1)
      .map((record, index) =>
        index >= position - 1 && record['initiative'] === undefined ? { ...record, version: Number(record['version']) - 1 } : record,
      );

/** A record and the one after it, each in the other's place with its version. */
const swapped =
  (position: number): Forge =>
  (records) => {
    const [one, other] = [records[position - 1], records[position]];
    return records.with(position - 1, { ...other, version: one?.['version'] }).with(position, { ...one, version: other?.['version'] });
  };
/** A program that imports what finance did. */
const imported = (id: string): Json => ({
  ...{ id, organisation: 'ledger-import', role: 'admin' },
  onBehalfOf: { organisation: 'ministry-of-finance', role: 'finance' },
});

describe('the requests of a history', () => {
  it('are sound as the ledger wrote them', async () => {
    expect(await faultIn((records) => records)).toBeUndefined();
  });

  it.each<[string, Forge, string | RegExp]>([
    ['an approval placed before its request', swapped(4), '4: it ends the request R-3, which was not submitted'],
    [
      'an approval dated before its request',
      change(5, { occurredOn: '2024-05-31' }),
      '5: it ends the request R-3 on 2024-05-31, before it was submitted on 2024-06-01',
    ],
    [
      'an approval by the import that sent the command',
      (records) => change(4, { actor: imported('program') })(change(5, { actor: imported('another') })(records)),
      '5: who sent R-3 decided on it',
    ],
    [
      'an approval by another ministry',
      change(10, { actor: actor('ministry', 'ministry-of-health', 'head') }),
      '10: ministry-of-health decided on R-7, which is about i of ministry-of-justice',
    ],
    [
      'a return by another ministry',
      change(13, { actor: actor('ministry', 'ministry-of-health', 'head') }),
      '13: ministry-of-health decided on R-9, which is about i of ministry-of-justice',
    ],
    ['an approval by finance for a ministry', change(10, { actor: second }), '10: finance decided on R-7, which waits for ministry'],
    ['a return by the sender', change(13, { actor: justice }), '13: who sent R-9 decided on it'],
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
    [
      'an approval in another role',
      change(5, { actor: { ...second, organisation: 'cabinet', role: 'admin' } }),
      '5: admin decided on R-3, which waits for finance',
    ],
    [
      'a return in another role',
      change(8, { actor: { ...second, organisation: 'cabinet', role: 'admin' } }),
      '8: admin decided on R-5, which waits for finance',
    ],
    [
      'a withdrawal by somebody else',
      change(8, { type: 'RequestWithdrawn' }, { reason: undefined }),
      '8: somebody else than its sender withdrew R-5',
    ],
    [
      'a request that waits for another role',
      change(4, {}, { role: 'admin' }),
      '4: the request R-3 waits for admin, and the programme’s approvals name finance',
    ],
    [
      'a request for what need not wait',
      changeHeld(4, { fundingId: 'F-1', fiscalYear: 2024, amount: '50' }),
      '4: the request R-3 waits, and the programme’s approvals do not name what it holds',
    ],
    [
      'an approval after its last day',
      change(4, {}, { expiresOn: '2024-01-01' }),
      /^5: it ends the request R-3 on .*, and it waited through 2024-01-01$/,
    ],
    ['an approval of another amount', change(6, {}, { amount: '90' }), '6: its data is not what R-3 approved'],
    [
      'an approval of a smaller amount',
      changeHeld(4, { fundingId: 'F-1', fiscalYear: 2024, amount: '55' }),
      '6: its data is not what R-3 approved',
    ],
    [
      'an approval for another initiative',
      changeCommand(4, { initiative: 'other' }),
      '6: R-3 approved InitiativeFunded of other, and it is InitiativeFunded of i',
    ],
    [
      'an approval of other papers',
      changeCommand(4, { references: [{ type: 'legalAct', id: '7' }] }),
      '6: its papers are not those that R-3 names',
    ],
    ['an approval of another day', changeCommand(4, { occurredOn: '2024-01-03' }), /^6: R-3 approved it for 2024-01-03, and it is dated /],
    ['an approval that is used twice', twice(6), '7: R-3 was approved for one event, and another came before it'],
  ])('that somebody forged are found out: %s', async (_what, forge, says) => {
    expect(await faultIn(forge)).toEqual(typeof says === 'string' ? says : expect.stringMatching(says));
  });
});
