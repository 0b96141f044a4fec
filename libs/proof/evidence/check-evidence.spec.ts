import { describe, expect, it } from '@jest/globals';
import { verifierLine, verifierOf } from '../notes/signed-note.js';
import { checkEvidence, type EvidenceVerdict } from './check-evidence.js';
import { readEvidence, writeEvidence, type Evidence } from './evidence.js';
import { keyIn } from './keys.js';
import { evidenceOf, linesOf, newSigners, restated, signerNamed, writeLedger, type Asked, type Written } from './testing/evidence.js';

const signers = newSigners();
const lines = linesOf(signers);
const keys = lines.flatMap((line) => keyIn(line) ?? []);
const written = await writeLedger();
const evidence = await evidenceOf(written, signers);

const verdictOn = (of: Evidence, required = keys) => checkEvidence(writeEvidence(of), required);
/** The sentence of the first fault. */
const faultOf = (verdict: EvidenceVerdict) => ('fault' in verdict ? verdict.fault.text : verdict.verdict);
/** The fault in a file whose JSON was changed. */
function faultAfter(change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(Buffer.from(writeEvidence(evidence)).toString()) as Record<string, unknown>;
  change(file);
  return faultOf(checkEvidence(Buffer.from(JSON.stringify(file)), keys));
}
/** The fault in evidence of a ledger that wrote other records or documents, and signed them. */
async function faultOfLiar(change: (written: Written) => Written | Promise<Written>, asked: Asked = {}): Promise<string> {
  return faultOf(verdictOn(await evidenceOf(await change(written), signers, asked)));
}
const statement = written.records.length;
const rewritten = (position: number, from: string | RegExp, to: string) => (before: Written) => {
  const text = before.records[position - 1]!;
  const after = text.replace(from, to);
  expect(after).not.toBe(text);
  return { ...before, records: before.records.with(position - 1, after) };
};
/** The position of the first record of `i` of a type. */
const of = (type: string) =>
  written.records.findIndex((text) => text.includes(`"initiative":"i"`) && text.includes(`"type":"${type}"`)) + 1;
/** A ledger whose statement says something else of `i`. */
const saying = (from: string | RegExp, to: string) => async (before: Written) => {
  const documents = before.documents.map((one) => (one.key === 'initiatives/i' ? { ...one, text: one.text.replace(from, to) } : one));
  expect(documents).not.toEqual(before.documents);
  return { documents, records: before.records.with(-1, await restated(before.records.at(-1)!, documents)) };
};

describe('sound evidence', () => {
  it('proves an initiative’s figures, and says whose signatures the checkpoint bears', () => {
    const figures = (funded: bigint, spent: bigint, returned: bigint, committed: bigint) => ({
      ...{ funded, spent, returned, committed },
      free: funded - spent - returned - committed,
    });
    expect(verdictOn(evidence)).toEqual({
      verdict: 'sound',
      programme: 'p',
      initiative: 'i',
      position: statement - 1,
      recordedAt: '2024-06-01T06:00:00.000Z',
      definition: 'sums-1',
      checkpoint: { origin: 'ledger.example/p', size: statement, root: expect.stringMatching(/^[\w+/]{43}=$/) as unknown as string },
      signedBy: [
        { name: 'ledger.example/p', key: lines[0] },
        { name: 'witness.example/w1', key: lines[1], at: '2024-06-01T06:00:00Z' },
      ],
      keysFrom: 'reader',
      records: evidence.records.length,
      authority: 'ministry-of-health',
      status: 'spending',
      suspended: true,
      years: { 2024: figures(292_000n, 32_300n, 3_000n, 0n), 2025: figures(100_000n, 0n, 0n, 35_000n) },
      total: figures(392_000n, 32_300n, 3_000n, 35_000n),
    });
  });
  it('requires the keys that it names itself, if the reader names none, and says so', () => {
    expect(verdictOn(evidence, [])).toMatchObject({ verdict: 'sound', keysFrom: 'file' });
  });
  it('is read back as what it was written from', () => {
    expect(readEvidence(writeEvidence(evidence))).toEqual(evidence);
  });
  it('may be older than the checkpoint: other records may follow the statement', async () => {
    const more = { ...written, records: [...written.records, ...written.records.slice(0, 9)] };
    expect(verdictOn(await evidenceOf(more, signers, { after: 9 }))).toMatchObject({
      verdict: 'sound',
      checkpoint: { size: statement + 9 },
    });
  });
  it('may be of any initiative of the statement', async () => {
    expect(verdictOn(await evidenceOf(written, signers, { initiative: 'j' }))).toMatchObject({ initiative: 'j', total: { spent: 1_000n } });
  });
});

describe('evidence of another shape', () => {
  it.each([
    ['nothing', '', 'the file is not JSON in UTF-8'],
    ['half a file', '{"format":', 'the file is not JSON in UTF-8'],
    ['half a character', '"\\ud800"', 'the file is not JSON in UTF-8'],
    ['a byte order mark', '\ufeff{}', 'the file is not JSON in UTF-8'],
    ['a list', '[]', 'evidence must be an object'],
    ['an empty object', '{}', 'evidence lacks the field format'],
  ])('is refused: %s', (_, text, found) => {
    expect(faultOf(checkEvidence(Buffer.from(text)))).toBe(found);
  });
  it('is not judged if its format is another one', () => {
    const verdict = checkEvidence(Buffer.from('{"format":"initiative-ledger/evidence/2"}'));
    expect(verdict).toEqual({
      verdict: 'not-checked',
      fault: { code: 'format', text: 'the format is "initiative-ledger/evidence/2"; this verifier knows initiative-ledger/evidence/1' },
    });
  });
  it.each<[string, (file: Record<string, never>) => unknown, string]>([
    ['a field is missing', (file) => delete file['nodes'], 'evidence lacks the field nodes'],
    ['a field is not known', (file) => Object.assign(file, { more: 1 }), 'evidence has a field that the format does not know: more'],
    [
      'a programme is no code',
      (file) => Object.assign(file, { programme: 'P' }),
      'programme must be a code of 1 to 64 small letters, digits and hyphens',
    ],
    ['records are no list', (file) => Object.assign(file, { records: {} }), 'records must be a list'],
    ['there are no records', (file) => Object.assign(file, { records: [] }), 'records must have at least one record'],
    ['there are too many keys', (file) => Object.assign(file, { keys: Array(65).fill('') }), 'keys may have at most 64 items'],
    [
      'a position is no whole number',
      (file) => Object.assign(file['statement']!, { position: 1.5 }),
      'statement.position must be a whole number from 0 on',
    ],
    ['a text is none', (file) => Object.assign(file['statement']!, { text: null }), 'statement.text must be a text'],
    ['a hash is too short', (file) => Object.assign(file['nodes']!, { '0/0': 'AAAA' }), 'nodes[0/0] must be 32 bytes in base64'],
    [
      'records are in another order',
      (file) => (file['records'] as unknown as unknown[]).reverse(),
      `position ${evidence.records.at(-2)!.position} comes after position ${evidence.records.at(-1)!.position}, but positions must ascend; the statement is last`,
    ],
  ])('is refused: %s', (_, change, found) => {
    expect(faultAfter(change as (file: Record<string, unknown>) => void)).toBe(found);
  });
});

describe('the checkpoint of evidence', () => {
  const { checkpoint } = evidence;
  const own = lines[0]!.split('+').slice(0, 2).join('+');
  const witness = lines[1]!.split('+').slice(0, 2).join('+');
  it.each([
    [
      'is a signed note',
      checkpoint.replace('\n\n', '\n'),
      'the checkpoint is not a signed note: text, an empty line, and lines of signatures',
    ],
    ['has three lines', checkpoint.replace('\n\n', '\nmore\n\n'), 'the checkpoint must have origin, size of tree, and root in base64'],
    ['is of the programme', checkpoint.replace('/p\n', '/q\n'), 'the checkpoint is of ledger.example/q, and must be of the programme p'],
    ['is signed by the ledger', checkpoint.replace(/— ledger.*\n/, ''), `the checkpoint bears no signature of the key ${own}`],
    [
      'is signed by each required key',
      checkpoint.replace(/— witness.example\/w1.*\n/, ''),
      `the checkpoint bears no signature of the key ${witness}`,
    ],
    [
      'is what was signed',
      checkpoint.replace(`\n${statement}\n`, `\n${statement + 1}\n`),
      `the signature of the key ${own} is not of this checkpoint: one of them was changed`,
    ],
  ])('%s', (_, text, found) => {
    expect(faultOf(verdictOn({ ...evidence, checkpoint: text }))).toBe(found);
  });
  it('may bear signatures that nobody requires, whatever they are', () => {
    const changed = checkpoint.replace(/(?<=witness.example\/w2 .{20})./, (one) => (one === 'A' ? 'B' : 'A'));
    expect(verdictOn({ ...evidence, checkpoint: changed }).verdict).toBe('sound');
    expect(verdictOn({ ...evidence, checkpoint: checkpoint.replace(/— witness.example\/w2.*\n/, '') }).verdict).toBe('sound');
  });
  it('is refused with another key of the same name, and without any key of the ledger', () => {
    const impostor = verifierLine(verifierOf(signerNamed('ledger.example/p')));
    expect(faultOf(verdictOn(evidence, [keyIn(impostor)!]))).toMatch(/^the checkpoint bears no signature of the key ledger.example\/p\+/);
    expect(faultOf(verdictOn(evidence, [keys[1]!]))).toBe('no key is the ledger’s own: of Ed25519, and of the name ledger.example/p');
    expect(faultOf(verdictOn({ ...evidence, keys: [] }, []))).toMatch(/^no key is the ledger’s own/);
    expect(faultOf(verdictOn({ ...evidence, keys: ['p+0+A'] }, []))).toBe(
      'keys[0] must be the line of a key, name+number+key, of Ed25519 or of cosignatures',
    );
  });
  it('has no cosignature with a changed moment', async () => {
    const [text] = [checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)];
    const later = (await evidenceOf(written, signers, { at: 1_717_300_000 })).checkpoint;
    const mixed = checkpoint.replace(
      /(— witness.example\/w1 .{16}).*\n/,
      (_, head: string) => `${head}${/w1 .{16}(.*)\n/.exec(later)![1]!}\n`,
    );
    expect(mixed).toContain(text);
    expect(faultOf(verdictOn({ ...evidence, checkpoint: mixed }))).toBe(
      `the signature of the key ${witness} is not of this checkpoint: one of them was changed`,
    );
  });
  it('cosigned twice by a witness counts with the later moment', async () => {
    const later = (await evidenceOf(written, signers, { at: 1_717_300_000 })).checkpoint;
    const both = checkpoint + /— witness.example\/w1.*\n/.exec(later)![0];
    expect(verdictOn({ ...evidence, checkpoint: both })).toMatchObject({ signedBy: [{}, { at: '2024-06-02T03:46:40Z' }] });
  });
  it('is known by the line of a witness’s key, whose number is that of its name and kind', () => {
    expect(keyIn(lines[1]!)).toMatchObject({ kind: 'witness', verifier: { name: 'witness.example/w1' } });
    expect(keyIn(lines[1]!.replace('/w1', '/w3'))).toBeUndefined();
  });
});

describe('the records of evidence', () => {
  it('are those of the checkpoint’s tree: none is changed, left out or added', () => {
    const { records } = evidence;
    const [first] = records;
    const changed = records.with(0, { ...first!, text: first!.text.replace('ministry-of-justice', 'ministry-of-defence') });
    expect(faultOf(verdictOn({ ...evidence, records: changed }))).toMatch(
      /^the records and nodes lead to the root \S+, and the checkpoint says \S+$/,
    );
    expect(faultOf(verdictOn({ ...evidence, records: records.slice(1) }))).toMatch(
      /^nodes lacks \d+\/\d+, which leads to the root of \d+ records$/,
    );
    expect(faultOf(verdictOn({ ...evidence, nodes: new Map([...evidence.nodes, ['50/1', new Uint8Array(32)]]) }))).toMatch(
      /^nodes has 50\/1, which leads from no record/,
    );
    expect(faultOf(verdictOn({ ...evidence, statement: { ...evidence.statement, position: statement + 1 } }))).toBe(
      `position ${statement + 1} is not among the ${statement} records of the checkpoint`,
    );
  });
  it('are all records of the initiative, even if a ledger leaves one out and proves the others', async () => {
    const positions = evidence.records.map(({ position }) => position);
    expect(await faultOfLiar((same) => same, { positions: positions.toSpliced(3, 1) })).toBe(
      `in the document, versions is ${positions.length}, and must be ${positions.length - 1}`,
    );
    expect(await faultOfLiar((same) => same, { positions: positions.toSpliced(3, 1, positions[3]! - 1) })).toMatch(
      /^in the document, positions is "[0-9a-f]{64}", and must be "[0-9a-f]{64}"$/,
    );
  });
  it.each([
    ['programme', of('InitiativeFunded'), '"programme":"p"', '"programme":"q"', 'programme is "q", and must be "p"'],
    ['position', of('InitiativeFunded'), '"position":6', '"position":7', 'position is 7, and must be 6'],
    ['version', of('InitiativeFunded'), '"version":2', '"version":3', 'version is 3, and must be 2'],
    [
      'amount',
      of('InitiativeFunded'),
      '"amount":"400000"',
      '"amount":400000',
      'data.amount must be an amount in minor units, a whole number as text',
    ],
    [
      'year',
      of('InitiativeFunded'),
      /"context":\{(.*?)"fiscalYear":2024/,
      '"context":{$1"fiscalYear":"2024"',
      'context.fiscalYear must be a year of four digits',
    ],
    ['authority', of('InitiativeProposed'), '"data":{', '"data":{"authority":1,"x":', 'record-json'],
  ])('each have the required content, even if a ledger signs others: %s', async (_, position, from, to, found) => {
    const expected =
      found === 'record-json'
        ? `the record at position ${position} is not JSON in UTF-8`
        : `in the record at position ${position}, ${found}`;
    expect(await faultOfLiar(rewritten(position, from, to))).toBe(expected);
  });
  it('are of known types and schemas, or are not judged', async () => {
    const position = of('InitiativeFunded');
    const type = await evidenceOf(rewritten(position, '"InitiativeFunded"', '"InitiativeBlessed"')(written), signers);
    expect(verdictOn(type)).toMatchObject({ verdict: 'not-checked', fault: { code: 'event-type' } });
    const schema = await evidenceOf(rewritten(position, '"schema":1', '"schema":2')(written), signers);
    expect(verdictOn(schema)).toMatchObject({
      verdict: 'not-checked',
      fault: { text: `the record at position ${position} has the schema 2; this verifier knows 1` },
    });
  });
  it('fold to the figures of the statement, even if a ledger states others', async () => {
    expect(await faultOfLiar(saying('"spent":"32300"', '"spent":"32299"'))).toBe(
      'the records fold to other figures: 2024 spent is "32299", and must be "32300"',
    );
    expect(await faultOfLiar(saying('"suspended":true', '"suspended":false'))).toBe(
      'the records fold to other figures: suspended is false, and must be true',
    );
    expect(await faultOfLiar(saying('ministry-of-health', 'ministry-of-wealth'))).toMatch(
      /^the records fold to other figures: authority is "ministry-of-wealth"/,
    );
    expect(await faultOfLiar(saying('"years":{', '"years": {'))).toBe(
      'the text of the document is not what the records fold to, though its figures are',
    );
    expect(await faultOfLiar(rewritten(of('SpendingRecorded'), '"12345"', '"12346"'))).toMatch(
      /^the records fold to other figures: 2024 spent is "32300", and must be "32301"/,
    );
  });
});

describe('the statement of evidence', () => {
  it.each<[string, string | RegExp, string, string]>([
    [
      'is a statement',
      '"StatementPublished"',
      '"StatementOrdered"',
      'in the record at position {}, type is "StatementOrdered", and must be "StatementPublished"',
    ],
    [
      'is of a position before its own',
      /"data":\{"position":\d+/,
      '"data":{"position":99',
      'the statement at position {} is of position 99, and must be of one before it',
    ],
    [
      'is of all the records',
      /"data":\{"position":\d+/,
      '"data":{"position":5',
      'the record at position 6 is later than position 5, which the statement is of',
    ],
    ['has a root', /"root":"../, '"root":"', 'in the record at position {}, data.root must be 64 hexadecimal digits'],
    [
      'was recorded at a moment',
      /"recordedAt":"2024/,
      '"recordedAt":"',
      'in the record at position {}, recordedAt must be a moment such as 2024-03-09T05:12:44.120Z',
    ],
    ['is of a known definition', '"sums-1"', '"sums-2"', 'the statement is of the definition "sums-2"; this verifier knows sums-1'],
  ])('%s', async (_, from, to, found) => {
    expect(await faultOfLiar(rewritten(statement, from, to))).toBe(found.replace('{}', String(statement)));
  });
  it('has the document where the evidence says, and no other one', async () => {
    const { document } = evidence;
    const root = /^the document and its path lead to the root [0-9a-f]{64}, and the statement says [0-9a-f]{64}$/;
    expect(faultOf(verdictOn({ ...evidence, document: { ...document, text: document.text.replace('"32300"', '"32301"') } }))).toMatch(root);
    expect(faultOf(verdictOn({ ...evidence, document: { ...document, path: [] } }))).toBe(
      'the path is not as long as document 0 of 3 needs it to be',
    );
    const ofAnother = (await evidenceOf(written, signers, { initiative: 'j' })).document;
    expect(faultOf(verdictOn({ ...evidence, document: ofAnother }))).toBe(
      'in the document, key is "initiatives/j", and must be "initiatives/i"',
    );
  });
});
