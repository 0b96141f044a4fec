import { randomUUID } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { start, type Heads } from '../../event-log/ports.js';
import { StaleWrite, type Save, type Write } from '../ports.js';
import { inserted, missedIn } from './driver-errors.js';
import { checkpointId, type Generation, type MongoCollections } from './mongo-collections.js';
import { timed } from './reading-time.js';
import { operationOf } from './stored-documents.js';

/** Documents in one request. */
const writtenAtOnce = 1_000;

/** Saves documents, heads and checkpoint one after the other, as {@link ReadModels.save} says, by single-document writes. */
export class MongoSaves {
  private readonly writer = randomUUID();

  /** How often the server was away, and how many of these times each partition that is folded here knows of. */
  private absences = 0;
  private readonly knownAbsences = new Map<string, number>();

  constructor(
    client: MongoClient,
    private readonly collections: MongoCollections,
  ) {
    client.on('connectionPoolCleared', () => {
      this.absences++;
    });
    // If nothing was asked of the server while it was away, all that shows is that it closed the connections that were open.
    client.on('connectionClosed', ({ reason }) => {
      if (reason === 'error') this.absences++;
    });
  }

  /** @throws {StaleWrite} */
  async save(made: Generation, save: Save): Promise<void> {
    const saving = await this.beginSaving(made, save);
    this.refuseOnceAway(made, save);
    const [first = [], ...others] = Map.groupBy(save.writes, ({ collection }) => collection).values();
    await this.write(made, first);
    await allOf(others.map((writes) => this.write(made, writes)));
    await this.saveHeads(made, save.heads);
    // An older copy may have the mark and lack documents that were written after it.
    this.refuseOnceAway(made, save);
    await this.saveCheckpoint(made, save, saving);
  }

  /** @throws {StaleWrite} once for each partition after the server was away: what was read before, or written, may be another copy's */
  private refuseOnceAway(made: Generation, { checkpoint }: Save): void {
    const missed = Object.keys(checkpoint)
      .map((partition) => checkpointId(made, partition))
      .filter((id) => (this.knownAbsences.get(id) ?? 0) !== this.absences);
    for (const id of missed) this.knownAbsences.set(id, this.absences);
    if (missed.length > 0) throw new StaleWrite('the server was away meanwhile: it may hold an older copy');
  }

  /**
   * Replaces exactly what was folded from, in one collection; a document that is another by now misses. While the server writes one part of it, the next
   * is on its way.
   */
  private async write(made: Generation, writes: readonly Write[]): Promise<void> {
    const parts: Promise<void>[] = [];
    for (let from = 0; from < writes.length; from += writtenAtOnce)
      parts.push(this.writePart(made, writes.slice(from, from + writtenAtOnce)));
    await allOf(parts);
  }

  private async writePart(made: Generation, writes: readonly Write[]): Promise<void> {
    const { spec, stored } = this.collections.placeIn(made, writes[0]?.collection ?? '');
    const operations = writes.map((write) => operationOf(spec, write));
    const missed = await missedIn(stored.bulkWrite(operations, { ordered: false }), writes.length);
    if (missed > 0) throw new StaleWrite(`${missed} documents of ${spec.name} are not those they were folded from`);
  }

  /** Heads never move back: a late save changes nothing. */
  private async saveHeads({ incarnation }: Generation, heads: Heads): Promise<void> {
    if (heads.size === 0) return;
    const moves = [...heads].map(([programme, head]) => ({
      filter: { _id: `${incarnation}/${programme}`, position: { $lt: head.position } },
      replacement: { incarnation, programme, ...head },
    }));
    const move = (upsert: boolean) =>
      this.collections.heads().bulkWrite(
        moves.map((one) => ({ replaceOne: { ...one, upsert } })),
        { ordered: false },
      );
    // One that is there already is as far, or was made by another writer at this moment: then it moves on from there.
    if ((await missedIn(move(true), moves.length)) > 0) await move(false);
  }

  /**
   * Leaves a mark beside the offsets that a save follows. The checkpoint moves only where the mark still is: a copy of the database that is put back
   * between documents and checkpoint has neither. Nothing is marked in a generation that was dropped: its offsets went with it.
   */
  private async beginSaving(made: Generation, { checkpoint, follows: from }: Save): Promise<string> {
    const saving = randomUUID();
    for (const name of Object.keys(checkpoint)) {
      const offset = from?.[name] ?? start;
      if (offset === start) await this.makeCheckpoint(made, Number(name));
      const filter = { _id: checkpointId(made, name), offset };
      const marked = await this.collections.checkpoints().updateOne(filter, { $set: { [`saving.${this.writer}`]: saving } });
      if (marked.matchedCount !== 1) throw new StaleWrite('another writer went on from the checkpoint');
    }
    return saving;
  }

  private async makeCheckpoint(made: Generation, partition: number): Promise<void> {
    const { _id: generation, incarnation } = made;
    if (!(await this.collections.generations().findOne({ _id: generation, incarnation }, timed)))
      throw new StaleWrite(`the generation ${generation} was dropped`);
    await inserted(this.collections.checkpoints().insertOne({ _id: checkpointId(made, partition), incarnation, partition, offset: start }));
  }

  private async saveCheckpoint(made: Generation, { checkpoint, follows: from }: Save, saving: string): Promise<void> {
    for (const [name, offset] of Object.entries(checkpoint)) {
      const filter = { _id: checkpointId(made, name), offset: from?.[name] ?? start, [`saving.${this.writer}`]: saving };
      const moved = { incarnation: made.incarnation, partition: Number(name), offset };
      const { matchedCount } = await this.collections.checkpoints().replaceOne(filter, moved);
      if (matchedCount !== 1) throw new StaleWrite('another writer went on from the checkpoint');
    }
  }
}

/** Waits for all, whatever becomes of one, so that nothing is still being written when it throws. */
async function allOf(writing: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writing)) if (result.status === 'rejected') throw result.reason;
}
