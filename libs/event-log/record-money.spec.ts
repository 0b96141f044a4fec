import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { receivedOf, bytesOfSent } from './kafka/inbox-message.js';
import { decodeRecord, encodeRecord, noHash, type EventRecord } from './record.js';
import type { Command } from '../domain/commands.js';

const frame = {
  programme: 'p',
  position: 1,
  schema: 1 as const,
  initiative: 'i',
  version: 1,
  occurredOn: '2024-03-07',
  recordedAt: '2024-03-07T00:00:00.000Z',
  actor: { id: 'u', organisation: 'm', role: 'ministry' as const },
  commandId: 'c',
  previousHash: noHash,
};
const standing = { authority: 'm', statusBefore: 'funded' as const, statusAfter: 'spending' as const };
/** Names of money fields, texts that look like amounts, and anything else. */
const key = fc.oneof(
  fc.constantFrom('spent', 'funded', 'amount', 'change', 'returned', 'finalValue', 'requestedAmount', 'constructor'),
  fc.string(),
);
const text = fc.oneof(fc.constantFrom('0', '12', '-5', 'NaN', '1e9', ' 1 ', ''), fc.string());
const texts = fc.dictionary(
  key.filter((name) => name !== '__proto__'),
  text,
  { noNullPrototype: true },
);
const money = fc.bigInt({ min: -999_999_999_999_999_999n, max: 999_999_999_999_999_999n });

describe('a record', () => {
  it('of any title, texts and amounts reads as it was written', () => {
    const sums = fc.record({ funded: money, spent: money, returned: money });
    const event = fc.oneof(
      fc.record({ title: texts, reason: text, requestedAmount: money, moved: sums }).map(({ moved, ...data }): EventRecord => ({
        ...frame,
        type: 'InitiativeAmended',
        data,
        context: { ...standing, moved: { from: 'n', sums: { 2024: moved } } },
      })),
      fc
        .record({ transactionId: text, amount: money, payee: text, description: text })
        .map((data): EventRecord => ({ ...frame, type: 'SpendingRecorded', data, context: { ...standing, fiscalYear: 2024 } })),
      fc.record({ finalValue: money }).map((data): EventRecord => ({ ...frame, type: 'InitiativeFinalized', data, context: standing })),
    );
    fc.assert(
      fc.property(event, (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual(record);
      }),
    );
  });
});

describe('a command through the inbox', () => {
  it('of any title and amount arrives as it was sent', () => {
    fc.assert(
      fc.property(texts, money, (title, requestedAmount) => {
        const { programme, initiative, commandId, actor } = frame;
        const envelope = { programme, initiative, commandId, actor };
        const command: Command = { ...envelope, type: 'ProposeInitiative', data: { title, authority: 'm', requestedAmount } };
        expect(receivedOf(0, bytesOfSent({ command }), 0, 1)).toEqual({ offset: 0, command });
      }),
    );
  });
});
