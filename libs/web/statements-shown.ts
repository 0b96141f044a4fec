/** The statements of a programme as pages show them: from the records that publish them. */
import type { QueryBus } from '@nestjs/cqrs';
import { ListEntries } from '../application/queries/entries.js';
import type { Asked } from '../application/reading.js';
import type { EntryView } from '../projections/entries/reads.js';

/** A statement: the position of its record, when that was recorded, the position that it is folded to, and the number of its documents. */
export type StatementShown = { readonly position: number; readonly recordedAt: string; readonly of: number; readonly documents: number };

const latest = 5;

/** The last statements of a programme, the latest first. */
export async function latestStatements(bus: QueryBus, programme: string, asked: Asked): Promise<StatementShown[]> {
  const listing = { filter: { type: ['StatementPublished' as const] }, sort: '-position', paging: { limit: latest } };
  const { answer } = await bus.execute(new ListEntries(programme, listing, undefined, asked));
  return (answer?.items ?? []).flatMap(statementIn);
}

function statementIn({ position, recordedAt, data }: EntryView): StatementShown[] {
  const of: unknown = Reflect.get(data, 'position');
  const documents: unknown = Reflect.get(data, 'size');
  return typeof of === 'number' && typeof documents === 'number' ? [{ position, recordedAt, of, documents }] : [];
}
