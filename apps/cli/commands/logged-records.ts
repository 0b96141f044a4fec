/** The records that evidence of an initiative is made of, read from the log. */
import { partitionOf } from '../../../libs/event-log/partition-of.js';
import { start, type Entry, type EventLog } from '../../../libs/event-log/ports.js';
import { decodeRecord, textOf } from '../../../libs/event-log/record.js';
import { mostCharacters, mostInEvidence } from '../../../libs/projections/records/evidence-texts.js';
import type { RecordText } from '../../../libs/proof/evidence/evidence.js';
import type { EvidenceRecords } from '../../../libs/proof/evidence/make-evidence.js';
import { publishedBy } from '../../../libs/proof/statements/published.js';

/** What one pass over the log finds. */
class Found {
  hasProgramme = false;
  /** Records that publish statements, by their positions. */
  readonly statements = new Map<number, RecordText>();
  /** The events of the initiative, as many as evidence may have. */
  readonly events: RecordText[] = [];
  /** The position of its first event that is one too many. */
  cutAt = Infinity;
  private characters = 0;
  private readonly named: Buffer;

  constructor(private readonly initiative: string) {
    this.named = Buffer.from(`"initiative":${JSON.stringify(initiative)}`);
  }

  add(entry: Entry, position: number): void {
    this.hasProgramme = true;
    if (publishedBy(entry)) this.statements.set(position, { position, text: textOf(entry.bytes) });
    if (this.cutAt < position || !this.isOfInitiative(entry)) return;
    const text = textOf(entry.bytes);
    this.characters += text.length;
    if (this.events.length === mostInEvidence || this.characters > mostCharacters) this.cutAt = position;
    else this.events.push({ position, text });
  }

  /** Most records are of others, and need not be decoded to see it. */
  private isOfInitiative({ bytes }: Entry): boolean {
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(this.named)) return false;
    const { type, initiative } = decodeRecord(bytes);
    return type !== 'CommandRefused' && initiative === this.initiative;
  }
}

/** Reads the log once, at the first question: it then holds every record of a checkpoint that was read before. */
export class LoggedRecords implements EvidenceRecords {
  private found: Promise<Found> | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'read' | 'partitions'>,
    private readonly programme: string,
    private readonly initiative: string,
  ) {}

  async record(position: number): Promise<RecordText | undefined> {
    return (await this.read()).statements.get(position);
  }
  async events(upTo: number): Promise<readonly RecordText[] | undefined> {
    const { events, cutAt } = await this.read();
    return upTo < cutAt ? events.filter(({ position }) => position <= upTo) : undefined;
  }

  /** Which of the two the log holds. */
  async holds(): Promise<{ programme: boolean; initiative: boolean }> {
    const { hasProgramme, events } = await this.read();
    return { programme: hasProgramme, initiative: events.length > 0 };
  }

  private read(): Promise<Found> {
    return (this.found ??= this.readLog());
  }

  private async readLog(): Promise<Found> {
    const { log, programme, initiative } = this;
    const found = new Found(initiative);
    for await (const entries of log.read(partitionOf(programme, log.partitions), start))
      for (const entry of entries)
        if (entry.kind === 'record' && entry.programme === programme && entry.position !== undefined) found.add(entry, entry.position);
    return found;
  }
}
