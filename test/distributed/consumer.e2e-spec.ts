/** What any consumer reads on the events topic, with a common client and only the published descriptions. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { Kafka, logLevel } from 'kafkajs';
import { parse } from 'yaml';
import { fundInitiative } from '../support/programme.js';
import { openDistributed, ready, type Distributed } from '../support/services.js';

type Message = { key: string | undefined; value: Record<string, unknown>; headers: Record<string, string> };
type AsyncApi = {
  channels: { events: { address: string; messages: Record<string, unknown> } };
  components: { messages: Record<string, { name: string }>; schemas: { Headers: { properties: Record<string, unknown> } } };
};

const ajv = new Ajv({ strict: false });
(formats as unknown as (ajv: Ajv) => void)(ajv);
const described = parse(readFileSync('docs/asyncapi.yaml', 'utf8')) as AsyncApi;
const headers = ajv.compile(described.components.schemas.Headers);
const record = ajv.compile(JSON.parse(readFileSync('docs/events.schema.json', 'utf8')) as object);
const errorsOf = (accepts: ValidateFunction, value: unknown) => (accepts(value) ? [] : [{ value, errors: accepts.errors }]);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let distributed: Distributed;
let messages: Message[];
const ofType = (type: string) => messages.filter((message) => message.headers['ce_type'] === type);
const records = () => messages.filter(({ headers }) => !headers['ce_type']?.startsWith('ledger.'));

beforeAll(async () => {
  distributed = await openDistributed({ partitions: 1 });
  const commands = await distributed.start('commands');
  await ready(commands);
  const clients = await distributed.clients(commands.url);
  await fundInitiative(clients, '1000');
  const spend = (transactionId: string, amount: string, key: string) =>
    clients.ministry.post('/programmes/p/initiatives/i/spending', { transactionId, amount }, { 'idempotency-key': key });
  const statuses = [
    await spend('T-1', '600', 'spend-1'),
    await spend('T-2', '500', 'spend-2'),
    // A repeat: an outcome entry, which is no part of the history.
    await spend('T-1', '600', 'spend-1'),
    // One command with two events.
    await clients.finance.post(
      '/programmes/p/initiatives/i/cancellation',
      { reason: 'r', legalBasis: 'law' },
      { 'idempotency-key': 'end' },
    ),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([201, 409, 201, 201]);
  await commands.stop();
  const topic = described.channels.events.address.replace('{prefix}', distributed.prefix);
  messages = await consume(distributed.brokers, topic, (type) => type === 'InitiativeCancelled');
});
afterAll(() => distributed.stop());

/** Reads a topic from its beginning to the first message of a type. */
async function consume(brokers: string[], topic: string, isLast: (type: string) => boolean): Promise<Message[]> {
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: `${topic}.anybody` });
  const read: Message[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((done, failed) => {
      consumer
        .run({
          eachMessage: ({ message }) => {
            const text = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
            const value = JSON.parse(message.value?.toString('utf8') ?? '') as Record<string, unknown>;
            read.push({ key: message.key?.toString('utf8'), value, headers: Object.fromEntries(text) as Record<string, string> });
            if (isLast(read.at(-1)?.headers['ce_type'] ?? '')) done();
            return Promise.resolve();
          },
        })
        .catch(failed);
    });
  } finally {
    await consumer.disconnect();
  }
  return read;
}

describe('anybody who reads the topic of events', () => {
  it('finds the whole history in its order, and among it the entries of the log itself', () => {
    expect(records().map(({ headers }) => headers['ce_type'])).toEqual([
      'ProgrammeEstablished',
      'AppropriationGranted',
      'InitiativeProposed',
      'InitiativeFunded',
      'SpendingRecorded',
      'CommandRefused',
      'FundsReturned',
      'InitiativeCancelled',
    ]);
    expect(ofType('ledger.Genesis').map(({ value }) => value)).toEqual([{ partition: 0, partitions: 1, format: 1 }]);
    expect(ofType('ledger.OwnershipTaken').length).toBeGreaterThan(0);
    expect(ofType('ledger.CommandAnswered')).toHaveLength(1);
  });

  it('finds headers as the AsyncAPI document says, and none it does not name', () => {
    expect(messages.flatMap((message) => errorsOf(headers, message.headers))).toEqual([]);
    const named = Object.keys(described.components.schemas.Headers.properties);
    expect(messages.flatMap((message) => Object.keys(message.headers)).filter((name) => !named.includes(name))).toEqual([]);
    const types = new Set(messages.map((message) => message.headers['ce_type']));
    const known = new Set(Object.values(described.components.messages).map(({ name }) => name));
    expect([...types].filter((type) => !known.has(type ?? ''))).toEqual([]);
  });

  it('finds values as the schemas say', () => {
    expect(records().flatMap(({ value }) => errorsOf(record, value))).toEqual([]);
  });

  it('finds exactly the same in the headers of a record as in its value', () => {
    for (const [index, { key, value, headers: said }] of records().entries())
      expect({ key, ...said }).toEqual({
        key: 'p',
        ce_specversion: '1.0',
        ce_source: 'initiative-ledger',
        ce_id: `p/${index + 1}`,
        ce_type: value['type'],
        ce_time: value['recordedAt'],
        ledger_command: said['ledger_command'],
      });
  });

  it('is told by a message that is no record that it is none', () => {
    const others = messages.filter((message) => !records().includes(message));
    for (const { headers: said } of others) {
      expect(said).toMatchObject({ ce_specversion: '1.0', ce_source: 'initiative-ledger', ce_id: expect.stringMatching(uuid) });
      expect(said).not.toHaveProperty('ce_time');
    }
    expect(new Set(messages.map((message) => message.headers['ce_id'])).size).toBe(messages.length);
  });

  it('is told the command behind each record and answer', () => {
    const command = (message: Message) => (message.headers['ledger_command'] ?? '').split(' ');
    const counted = (message: Message) => {
      const [, index, count, , organisation, id] = command(message);
      return [message.headers['ce_type'], index, count, organisation, id].join(' ');
    };
    const after = records().slice(4);
    expect([...after, ...ofType('ledger.CommandAnswered')].map(counted)).toEqual([
      'SpendingRecorded 0 1 ministry-of-justice spend-1',
      'CommandRefused 0 1 ministry-of-justice spend-2',
      'FundsReturned 0 2 ministry-of-finance end',
      'InitiativeCancelled 1 2 ministry-of-finance end',
      'ledger.CommandAnswered 0 1 ministry-of-justice spend-1',
    ]);
    const offsets = [...records(), ...ofType('ledger.CommandAnswered')].map((message) => command(message)[0]);
    expect(new Set(offsets).size).toBe(8);
    expect(offsets.every((offset) => /^\d+$/.test(offset ?? ''))).toBe(true);
    expect(command(ofType('ledger.CommandAnswered')[0] ?? after[0]!)[3]).toBe(command(after[0]!)[3]);
  });
});
