import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type AnySchema } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { openTestLedger, establish, fundedInitiative, spend, command, finance } from '../../../libs/command-processing/testing/ledger.js';
import { eventTypes } from '../../../libs/domain/capabilities.js';
import { decodeRecordText, schemasToday, toWire, upcasters } from '../../../libs/event-log/record.js';
import { asyncApi } from './asyncapi.js';
import { incompatibilities, schemaOf } from './compatibility.js';
import { asSchemas, eventSchemas, recordTypesIn, type JsonSchema } from './event-schemas.js';
import { asyncApiFile, frozenFile, frozenSchemas, schemasFile, schemasIn, versionOfPackage } from './files.js';

const published = schemasIn(schemasFile);
const generated = eventSchemas();
const validator = () => {
  const ajv = new Ajv({ strict: false });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv.compile(published);
};
/** The published schemas with one value changed, named by its path; `undefined` removes it. */
function changed(path: string, value: unknown): JsonSchema {
  const copy = structuredClone(published);
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at: object = copy.definitions ?? {};
  for (const name of names) at = Reflect.get(at, name) as object;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Reflect.set(at, last, value);
  return copy;
}

describe('the schemas of events', () => {
  it('are those of the code (npm run schemas)', () => {
    expect(published).toEqual(generated);
    expect(recordTypesIn(published).sort()).toEqual([...eventTypes, 'CommandRefused'].sort());
  });

  it('are kept for ever: every version is there, as it was, and the newest is published', () => {
    expect(frozenSchemas.map(({ file }) => ({ file, sha256: hash('sha256', readFileSync(file)) }))).toEqual(frozenSchemas);
    expect(frozenSchemas.map(({ file }) => file)).toEqual(frozenSchemas.map((_, index) => frozenFile(index + 1)));
    expect(readdirSync('docs/schemas').map((name) => `docs/schemas/${name}`)).toHaveLength(frozenSchemas.length);
    expect(schemasIn(frozenSchemas.at(-1)?.file ?? '')).toEqual(published);
  });

  it.each(frozenSchemas)('read everything that was written by $file', ({ file }) => {
    expect(incompatibilities(schemasIn(file), generated, upcasters)).toEqual([]);
  });

  it('number each type’s shape as the reader does', () => {
    const said = recordTypesIn(published).map((type): [string, number] => [type, schemaOf(published.definitions?.[type] ?? {})]);
    expect(new Map(said)).toEqual(schemasToday());
  });

  it('are true of the records of old, as they are read today', () => {
    const accepts = validator();
    const files = readdirSync('libs/event-log/testing').filter((file) => file.endsWith('.ndjson'));
    for (const text of files.flatMap((file) => readFileSync(`libs/event-log/testing/${file}`, 'utf8').trimEnd().split('\n'))) {
      const record: unknown = toWire(decodeRecordText(text));
      expect({ record, valid: accepts(record), errors: accepts.errors }).toEqual({ record, valid: true, errors: null });
    }
  });

  it('are true of what the ledger records', async () => {
    const accepts = validator();
    const ledger = await openTestLedger();
    await ledger.commands.submitAll([...fundedInitiative(100n), spend(60n, 'T-1'), spend(60n, 'T-2'), establish({ currency: 'USD' })]);
    await ledger.commands.submit(command('CancelInitiative', finance, { reason: 'r', legalBasis: 'law' }));
    const records = (await ledger.records()).map((record): unknown => JSON.parse(JSON.stringify(toWire(record))));
    expect(records.length).toBeGreaterThan(8);
    for (const record of records)
      expect({ record, valid: accepts(record), errors: accepts.errors }).toEqual({ record, valid: true, errors: null });
    expect(accepts({ ...(records[4] as object), data: { transactionId: 'T-1', amount: 60 } })).toBe(false);
  });

  it('may grow by what is optional', () => {
    const grown = changed('SpendingRecorded.properties.data.properties.invoice', { type: 'string' });
    expect(incompatibilities(published, published, {})).toEqual([]);
    expect(incompatibilities(published, grown, {})).toEqual([]);
  });

  it.each([
    ['a type that is gone', 'FundsReturned', undefined, 'FundsReturned: the type is gone'],
    [
      'a field that is gone',
      'SpendingRecorded.properties.data.properties.payee',
      undefined,
      'SpendingRecorded.data.payee: the field is gone',
    ],
    [
      'a field that is now required',
      'SpendingRecorded.properties.data.required',
      ['transactionId', 'amount', 'payee'],
      'SpendingRecorded.data.payee: now required',
    ],
    ['another type of a shared definition', 'Money.type', 'number', 'SpendingRecorded.data.amount: string is no longer taken'],
    ['another pattern', 'Money.pattern', '^\\d+$', 'SpendingRecorded.data.amount: another pattern'],
    ['a value that is gone', 'Status.enum', ['proposed', 'funded'], 'SpendingRecorded.context.statusAfter: fewer values are taken'],
    ['a limit', 'Money.maxLength', 9, 'SpendingRecorded.data.amount: another maxLength'],
    [
      'languages that are counted up',
      'Texts',
      { type: 'object', properties: { en: { type: 'string' } }, additionalProperties: false },
      'InitiativeProposed.data.title: other fields are no longer taken',
    ],
    [
      'another schema without a way to it',
      'SpendingRecorded.properties.schema.const',
      2,
      'SpendingRecorded: there is no upcaster from schema 1 to 2',
    ],
  ])('refuse %s', (_name, path, value, fault) => {
    expect(incompatibilities(published, changed(path, value), {})).toContain(fault);
  });

  it('may change with a new schema and an upcaster', () => {
    const next = changed('SpendingRecorded.properties', {
      ...asSchemas(published.definitions?.['SpendingRecorded']?.['properties']),
      schema: { type: 'number', const: 2 },
      data: { type: 'object', properties: {}, additionalProperties: false },
    });
    expect(incompatibilities(published, next, { SpendingRecorded: { 1: (shape) => shape } })).toEqual([]);
    expect(incompatibilities(next, published, { SpendingRecorded: { 1: (shape) => shape } })).toEqual([
      'SpendingRecorded: schema 2 has become 1',
    ]);
  });
});

describe('the description of the topic', () => {
  const document = parse(readFileSync(asyncApiFile, 'utf8')) as object;

  it('is that of the code (npm run schemas)', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(asyncApi(published, versionOfPackage()))));
  });

  it('is an AsyncAPI document', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as AnySchema;
    const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect({ accepted: accepts(document), errors: accepts.errors }).toEqual({ accepted: true, errors: null });
  });
});
