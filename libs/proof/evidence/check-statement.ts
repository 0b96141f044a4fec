/** The second half of the check: what the statement says of the initiative, and that its records fold to it. */
import {
  definition,
  foldInitiative,
  initiativeKey,
  leafText,
  withPosition,
  type Folded,
  type InitiativeDocument,
} from '../statements/document.js';
import { leafOfDocument } from '../statements/stated-tree.js';
import { rootOfInclusion } from '../tree/verify.js';
import { eventOf, outlineOf } from './event-fields.js';
import type { Evidence } from './evidence.js';
import { EvidenceRefused, shown } from './faults.js';
import { countIn, inRecord, isObject, matching, parsedJson, textIn, type Fields } from './parts.js';

/** The statement as its record has it: the position that it is of, and the size and root (hex) of the tree over all documents. */
export type Stated = { position: number; size: number; root: string; recordedAt: string };

/** @throws {EvidenceRefused} */
export function checkStatement({ programme, statement }: Evidence): Stated {
  const { position } = statement;
  const outline = outlineOf(statement);
  mustSay(position, 'programme', outline.programme, programme);
  mustSay(position, 'position', outline.position, position);
  mustSay(position, 'type', outline.type, 'StatementPublished');
  const refusing = inRecord(position);
  const { data, recordedAt } = outline;
  const of = countIn(data['position'], 'data.position', refusing);
  if (of >= position) throw new EvidenceRefused('statement-ahead', { position, of });
  const found = textIn(data['definition'], 'data.definition', refusing);
  if (found !== definition) throw new EvidenceRefused('definition', { found: shown(found), known: definition });
  const size = countIn(data['size'], 'data.size', refusing);
  return { position: of, size, root: matching(data['root'], /^[0-9a-f]{64}$/, 'data.root', 'digest', refusing), recordedAt };
}

/** Checks that the statement has the document, and that this is of the initiative and of these records. @throws {EvidenceRefused} */
export function checkDocument({ initiative, records, document }: Evidence, { size, root }: Stated): void {
  const { index, text, path } = document;
  const computed = rootOfInclusion(leafOfDocument(text), index, size, path);
  if (!computed) throw new EvidenceRefused('document-path', { index, size });
  const found = Buffer.from(computed).toString('hex');
  if (found !== root) throw new EvidenceRefused('document-root', { found, expected: root });
  const said = documentIn(text);
  const digest = records.map(({ position }) => position).reduce(withPosition, '0'.repeat(64));
  for (const [field, expected] of [
    ['key', initiativeKey(initiative)],
    ['versions', records.length],
    ['positions', digest],
  ] as const)
    if (said[field] !== expected)
      throw new EvidenceRefused('document-says', { field, found: shown(said[field]), expected: shown(expected) });
}

/** Folds the records, each of which must be the initiative's next one. @throws {EvidenceRefused} */
export function foldRecords({ programme, initiative, records }: Evidence, { position: of }: Stated): Folded<InitiativeDocument> {
  let folded: Folded<InitiativeDocument> | undefined;
  for (const [index, record] of records.entries()) {
    const { position } = record;
    const outline = outlineOf(record);
    mustSay(position, 'programme', outline.programme, programme);
    mustSay(position, 'position', outline.position, position);
    mustSay(position, 'initiative', outline.initiative, initiative);
    mustSay(position, 'version', outline.version, index + 1);
    if (position > of) throw new EvidenceRefused('record-later', { position, of });
    folded = foldInitiative(folded, eventOf(outline));
  }
  if (!folded) throw new EvidenceRefused('no-records');
  return folded;
}

/** Checks that the records fold to what the document says. @throws {EvidenceRefused} */
export function checkFigures({ initiative, document: { text } }: Evidence, folded: Folded<InitiativeDocument>): void {
  if (leafText(initiativeKey(initiative), folded) === text) return;
  const said = fieldsOf(documentIn(text)['document']);
  const { authority, status, suspended, years } = folded.document;
  for (const [figure, value] of Object.entries({ authority, status, suspended })) mustFold(figure, said[figure], value);
  for (const [year, { funded, spent, returned, committed }] of Object.entries(years)) {
    const saidOfYear = fieldsOf(fieldsOf(said['years'])[year]);
    for (const [figure, value] of Object.entries({ funded, spent, returned, committed }))
      mustFold(`${year} ${figure}`, saidOfYear[figure], value.toString());
  }
  throw new EvidenceRefused('document-text');
}

function mustFold(field: string, found: unknown, expected: string | boolean): void {
  if (found !== expected) throw new EvidenceRefused('figure', { field, found: shown(found), expected: shown(expected) });
}
function mustSay(position: number, field: string, found: unknown, expected: string | number): void {
  if (found !== expected) throw new EvidenceRefused('record-says', { position, field, found: shown(found), expected: shown(expected) });
}

function documentIn(text: string): Fields {
  const document = parsedJson(text);
  if (!isObject(document)) throw new EvidenceRefused('document-json');
  return document;
}
function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
