/** Checks what must hold after every step, independently of the simulated processes: from the log alone, entry by entry. */
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { start, type Entry } from '../../libs/event-log/ports.js';
import { decodeRecord, hashOf, type LedgerRecord } from '../../libs/event-log/record.js';
import type { Outcome } from '../../libs/command-processing/outcome.js';
import { repeatWindow } from '../../libs/command-processing/states.js';
import type { Command } from '../../libs/domain/commands.js';
import { bodyIn } from '../../libs/read-models/find.js';
import { canonical } from '../../libs/projections/digest-read-models.js';
import { foldBatch } from '../../libs/projections/fold-batch.js';
import { collections, foldedOn } from '../../libs/projections/projections.js';
import { HistoryCheck } from '../../libs/projections/verify-history.js';
import { WrittenDocuments } from '../../libs/projections/written-documents.js';
import { MemoryReadModels } from '../../libs/read-models/memory/memory-read-models.js';
import type { Document, WrittenDocument } from '../../libs/read-models/ports.js';
import type { LedgerPromises } from './promises.js';
import { isUndecidable } from './undecidable.js';

/** A document as of a position of its programme, as text. */
type Version = { position: number; text: string };
/** A command in the log. */
type Recorded = { recordedAt: number };
/** A programme's record, kept by its position. */
type Kept = { hash: string; commandId: string; type: LedgerRecord['type']; offset: number; recordedAt: number };

/** Refusals that are not recorded; all others are part of the history. */
const unrecorded: ReadonlySet<string> = new Set(['unknown-programme', 'command-id-reused', 'clock-behind']);

export class Oracle {
  private readonly history = new HistoryCheck();
  private readonly models = new MemoryReadModels();
  private readonly written = new WrittenDocuments(this.models, 'g', 500);
  private readonly versions = new Map<string, Version[]>();
  private readonly records = new Map<string, Kept[]>();
  private readonly commands = new Map<string, Recorded>();
  private readonly texts = new WeakMap<Document, string>();
  private readonly ends: number[];

  private constructor(
    private readonly promises: LedgerPromises,
    private readonly partitions: number,
  ) {
    this.ends = Array.from({ length: partitions }, () => start);
  }

  static async open(promises: LedgerPromises, partitions: number): Promise<Oracle> {
    const oracle = new Oracle(promises, partitions);
    await oracle.models.create('g', collections);
    return oracle;
  }

  /** A clock was so far ahead that command ids counted as two days old and were forgotten. Ids of movements of money are kept for ever. */
  forgetsCommands = false;

  /** The offset of a partition's last entry. */
  endOf(partition: number): number {
    return this.ends[partition] ?? start;
  }

  /** How many records the log holds. */
  get count(): number {
    return this.history.counts.records;
  }

  /** The time of the latest record of all programmes, in milliseconds since 1970. */
  get latest(): number {
    return Math.max(0, ...[...this.records.values()].map((records) => records.at(-1)?.recordedAt ?? 0));
  }

  /** The time of a programme's record, in milliseconds since 1970. */
  recordedAt(programme: string, position: number): number | undefined {
    return this.recordsOf(programme)[position - 1]?.recordedAt;
  }

  /** Checks new entries: chain and numbering, every rule of the domain, one outcome for each command. Folds them afresh. */
  async add(partition: number, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const fault = this.history.add(entry);
      this.promises.hold(!fault, () => `the log is wrong at offset ${entry.offset} of partition ${partition}: ${fault?.found ?? ''}`);
      this.ends[partition] = entry.offset;
      if (entry.kind !== 'record' || this.promises.broken !== undefined) continue;
      const record = decodeRecord(entry.bytes);
      this.keep(record, entry);
      await this.fold(entry);
    }
  }

  /** Checks that an acknowledged outcome is in the log. */
  acknowledged(command: Command, outcome: Outcome): void {
    const told = outcome.kind === 'accepted' ? outcome.receipt : outcome;
    this.promises.hold(
      isUndecidable(command.commandId) ? outcome.kind === 'refused' : !couldNotDecide(outcome),
      () => `${command.type} ${command.commandId} was ${couldNotDecide(outcome) ? 'not decided' : outcome.kind}`,
    );
    if (told.position === undefined) {
      // An undecidable command is recorded only if its programme is established.
      const isAnswer =
        outcome.kind === 'refused' &&
        (unrecorded.has(outcome.code) || (couldNotDecide(outcome) && this.recordsOf(command.programme).length === 0));
      this.promises.hold(isAnswer, () => `${command.commandId} was ${outcome.kind}, which no record says`);
      return;
    }
    const kept = this.recordsOf(command.programme)[told.position - 1];
    const isThis = kept !== undefined && kept.hash === told.hash && kept.commandId === told.commandId;
    this.promises.hold(isThis, () => `${command.commandId} was acknowledged at position ${told.position}, which the log does not hold`);
    if (kept)
      this.promises.hold(
        (kept.type === 'CommandRefused') === (outcome.kind === 'refused'),
        () => `${command.commandId} was ${outcome.kind}, the log says otherwise`,
      );
  }

  /** The read models equal a fresh fold up to their checkpoint. Documents folded further, after an interrupted save, equal a fresh fold as well. */
  async check(models: MemoryReadModels): Promise<void> {
    for (const generation of await models.generations()) {
      const checkpoint = await models.checkpoint(generation);
      const offsets = Array.from({ length: this.partitions }, (_, partition) => checkpoint?.[partition] ?? start);
      const stored = new Map(collections.map(({ name }) => [name, models.documents(generation, name)]));
      for (const [name, documents] of stored)
        for (const [key, document] of documents) {
          const version = this.versions.get(`${name} ${key}`)?.find(({ position }) => position === document.position);
          this.promises.hold(
            version?.text === this.textOf(document),
            () =>
              `${name} ${key} is not what the log folds to at position ${document.position}: ${this.textOf(document)}, not ${version?.text ?? 'there'}`,
          );
        }
      for (const [id, versions] of this.versions) {
        const [name = '', key = ''] = id.split(' ');
        const head = this.headAt(key, offsets);
        const due = versions.findLast(({ position }) => position <= head);
        const found = stored.get(name)?.get(key)?.position ?? 0;
        this.promises.hold(
          !due || found >= due.position,
          () => `${id} is folded to position ${found}; its checkpoint says ${due?.position ?? 0}`,
        );
      }
    }
  }

  private keep(record: LedgerRecord, { bytes, offset, command }: Entry): void {
    const recordedAt = Date.parse(record.recordedAt);
    this.recordsOf(record.programme).push({ hash: hashOf(bytes), commandId: record.commandId, type: record.type, offset, recordedAt });
    if (!command) return;
    const key = `${record.programme}/${command.organisation}/${command.id}`;
    const earlier = this.commands.get(key);
    const again = !this.forgetsCommands && earlier && command.index === 0 && recordedAt - earlier.recordedAt < repeatWindow;
    this.promises.hold(!again, () => `the command ${key} was recorded twice`);
    this.commands.set(key, { recordedAt });
  }

  private async fold(entry: Entry): Promise<void> {
    const { writes, heads } = await foldBatch(this.models, 'g', [entry], this.written);
    await this.written.save({ writes, heads, checkpoint: {}, follows: undefined }, foldedOn);
    for (const { collection, document } of writes) {
      const id = `${collection} ${document.key}`;
      const version = { position: document.position, text: contentOf(document) };
      const versions = this.versions.get(id);
      if (versions) versions.push(version);
      else this.versions.set(id, [version]);
    }
  }

  /** The position up to which a key's programme is folded if every partition is folded to its offset. */
  private headAt(key: string, offsets: readonly number[]): number {
    const [programme = ''] = key.split('/');
    const offset = offsets[partitionOf(programme, this.partitions)] ?? start;
    return this.recordsOf(programme).findLastIndex((record) => record.offset <= offset) + 1;
  }

  private recordsOf(programme: string): Kept[] {
    const records = this.records.get(programme) ?? [];
    this.records.set(programme, records);
    return records;
  }
  private textOf(document: Document): string {
    const text = this.texts.get(document) ?? contentOf(document);
    this.texts.set(document, text);
    return text;
  }
}

function couldNotDecide(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.code === 'undecidable';
}

/** The content of a document for readers and for the fold. */
function contentOf({ body, internal = {} }: WrittenDocument): string {
  return canonical([typeof body === 'string' ? bodyIn(body) : body, internal]);
}
