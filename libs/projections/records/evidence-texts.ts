/** Reads of the exact records that evidence is made of. */
import { pagesOf } from '../pages.js';
import type { Source } from '../source.js';
import { recordKey, records, streamOf } from './collection.js';
import { recordIn } from './recorded.js';

/** The exact text of the record at a position. */
export type TextAt = { position: number; text: string };
/** The most records of evidence, and the most characters of them, because they are read at once. */
export const mostInEvidence = 5_000;
export const mostCharacters = 32 * 1_024 * 1_024;

/** The texts of an initiative's events up to a position, in their order; `undefined` if they are too many for evidence. */
export async function eventTexts(source: Source, programme: string, initiative: string, upTo: number): Promise<TextAt[] | undefined> {
  const generation = await source.generation();
  const positions: number[] = [];
  const query = { scope: streamOf(programme, initiative), range: { from: 1 }, sort: 'version' };
  reading: for await (const documents of pagesOf(source.models, generation, records.name, query, source.signal))
    for (const document of documents) {
      const { type, position } = recordIn(document);
      if (position > upTo) break reading;
      if (type !== 'CommandRefused') positions.push(position);
      if (positions.length > mostInEvidence) return undefined;
    }
  const texts = await textsAt(source, generation, programme, positions);
  return texts.reduce((characters, { text }) => characters + text.length, 0) > mostCharacters ? undefined : texts;
}

/** The text of the record at a position; `undefined` if the read models do not have it yet. */
export async function recordText(source: Source, programme: string, position: number): Promise<TextAt | undefined> {
  const generation = await source.generation();
  const [shown] = await source.models.getAllShown(generation, records.name, [recordKey(programme, position)]);
  return shown && { position, text: shown.text };
}

async function textsAt(source: Source, generation: string, programme: string, positions: readonly number[]): Promise<TextAt[]> {
  const texts: TextAt[] = [];
  for (let from = 0; from < positions.length; from += 50) {
    source.signal?.throwIfAborted();
    const some = positions.slice(from, from + 50);
    const keys = some.map((position) => recordKey(programme, position));
    const found = await source.models.getAllShown(generation, records.name, keys);
    for (const [index, shown] of found.entries()) {
      const position = some[index];
      if (!shown || position === undefined) throw new Error(`the read models lack a record of ${programme}`);
      texts.push({ position, text: shown.text });
    }
  }
  return texts;
}
