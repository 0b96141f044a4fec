/** Folds the documents of statements from the log. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { entryAt } from '../../event-log/contradiction.js';
import { LogDiverged, LogUnreadable, start, type Entry, type EventLog } from '../../event-log/ports.js';
import { decodeRecord, hashOf, type EventRecord } from '../../event-log/record.js';
import {
  foldInitiative,
  foldProgramme,
  initiativeKey,
  leafText,
  programmeKey,
  readInitiative,
  readProgramme,
  type Folded,
  type InitiativeDocument,
  type ProgrammeDocument,
} from './document.js';
import type { FoldedDocument, FoldedDocuments, FoldedHead } from '../sqlite/folded-documents.js';
import { occasionAfter } from './occasion.js';
import type { PublishedStatement } from './ports.js';
import { publishedIn } from './published.js';

/** Positions at which folding stops for a moment: the documents are then as of that position of that programme. */
export type Stops = { isAt(programme: string, position: number): boolean; reached(programme: string, position: number): Promise<void> };

/**
 * Folds the documents of a partition to the end of the log as of the call.
 * @throws {LogDiverged} the log has other positions than what was folded @throws {LogUnreadable} @throws the signal's reason once it is aborted
 */
export async function foldDocuments(
  log: Pick<EventLog, 'read'>,
  partition: number,
  documents: FoldedDocuments,
  { stops, signal }: { stops?: Stops; signal?: AbortSignal } = {},
): Promise<void> {
  for await (const entries of log.read(partition, documents.offset(partition))) {
    // Files answer at once: without this, a long log would be folded in one turn.
    await nextTurn();
    signal?.throwIfAborted();
    let from = 0;
    for (const [index, { programme, position }] of entries.entries()) {
      if (programme === undefined || position === undefined || !stops?.isAt(programme, position)) continue;
      foldEntries(entries.slice(from, index + 1), partition, documents);
      from = index + 1;
      await stops.reached(programme, position);
    }
    foldEntries(entries.slice(from), partition, documents);
  }
}

/** How the log contradicts the documents; `undefined` if it holds the entry that they were folded to. */
export async function documentsContradicted(
  log: EventLog,
  partition: number,
  documents: FoldedDocuments,
): Promise<LogDiverged | undefined> {
  const offset = documents.offset(partition);
  if (offset === start) return undefined;
  const entry = await entryAt(log, partition, offset);
  if (entry && (entry.kind === 'outcome' || hashOf(entry.bytes) === documents.hash(partition))) return undefined;
  const found = entry ? 'holds another entry there' : 'does not hold an entry there';
  return new LogDiverged(offset, `the documents of statements: folded to offset ${offset} of the log, which ${found}`);
}

function foldEntries(entries: readonly Entry[], partition: number, documents: FoldedDocuments): void {
  const last = entries.at(-1);
  if (!last) return;
  const changed = new ChangedDocuments(documents);
  const heads = new Map<string, FoldedHead>();
  const published: PublishedStatement[] = [];
  for (const entry of entries) {
    const { kind, programme, position, bytes, offset } = entry;
    if (kind !== 'record' || programme === undefined || position === undefined) continue;
    const before = heads.get(programme) ?? documents.head(programme);
    const next = (before?.position ?? 0) + 1;
    if (position > next) throw new LogUnreadable(offset, `position ${next} of ${programme} is missing: position ${position} follows`);
    if (position < next)
      throw new LogDiverged(offset, `the documents of statements: position ${position} of ${programme} is folded already`);
    const record = decodeRecord(bytes);
    heads.set(programme, { position, occasion: occasionAfter(before?.occasion, record) });
    const statement = publishedIn(record);
    if (statement) published.push(statement);
    if (record.type === 'CommandRefused') continue;
    changed.add(record);
  }
  documents.save({ partition, offset: last.offset, hash: hashOf(last.bytes), documents: changed.all(), heads, published });
}

/** Documents that a batch has changed, by programme and key. */
class ChangedDocuments {
  private readonly programmes = new Map<string, Changed<ProgrammeDocument>>();
  private readonly initiatives = new Map<string, Changed<InitiativeDocument>>();

  constructor(private readonly before: FoldedDocuments) {}

  add(event: EventRecord): void {
    const { programme, initiative } = event;
    change(this.programmes, programme, event, programmeKey, foldProgramme, () =>
      parsed(this.before.text(programme, programmeKey), readProgramme),
    );
    if (initiative === undefined) return;
    const key = initiativeKey(initiative);
    change(this.initiatives, `${programme}/${key}`, event, key, foldInitiative, () =>
      parsed(this.before.text(programme, key), readInitiative),
    );
  }

  all(): FoldedDocument[] {
    return [...this.programmes.values(), ...this.initiatives.values()].map(({ programme, key, position, folded }) => ({
      programme,
      key,
      position,
      text: leafText(key, folded),
    }));
  }
}
type Changed<D extends ProgrammeDocument | InitiativeDocument> = { programme: string; key: string; position: number; folded: Folded<D> };

function change<D extends ProgrammeDocument | InitiativeDocument>(
  changed: Map<string, Changed<D>>,
  id: string,
  event: EventRecord,
  key: string,
  fold: (before: Folded<D> | undefined, event: EventRecord) => Folded<D>,
  before: () => Folded<D> | undefined,
): void {
  const { programme, position } = event;
  const known = changed.get(id);
  changed.set(id, { programme, key, position, folded: fold(known ? known.folded : before(), event) });
}
function parsed<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}
