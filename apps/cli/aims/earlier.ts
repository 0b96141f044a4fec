import type { LedgerRecord } from '../../../libs/event-log/record.js';
import type { Answer } from './target.js';

/** What a programme's records already say of an import. */
export type Earlier = {
  /** By command id: what became of it. */
  answers: Map<string, Answer>;
  /** By initiative: the command that proposed it. */
  proposals: Map<string, string>;
  established?: { currency: string; ceiling: string; years: string };
};

/** Reads from the records what was imported before, whenever that was. */
export async function readEarlier(records: AsyncIterable<LedgerRecord>): Promise<Earlier> {
  const earlier: Earlier = { answers: new Map(), proposals: new Map() };
  for await (const record of records) {
    if (record.commandId.startsWith('aims-'))
      earlier.answers.set(
        record.commandId,
        record.type === 'CommandRefused' ? { accepted: false, code: record.data.code, detail: record.data.detail } : { accepted: true },
      );
    if (record.type === 'InitiativeProposed') earlier.proposals.set(record.initiative, record.commandId);
    if (record.type === 'ProgrammeEstablished') earlier.established = record.data;
  }
  return earlier;
}
