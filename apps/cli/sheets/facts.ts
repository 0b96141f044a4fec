import type { ImportSource } from '../aims/target.js';

/** What an import of a sheet needs to know of a programme. */
export type ProgrammeFacts = {
  /** ISO 4217. */
  currency: string;
  /** The authority of each initiative. */
  authorities: ReadonlyMap<string, string>;
};

/** Folds a programme's records; `undefined` if there is no such programme. */
export async function factsIn(source: ImportSource, programme: string): Promise<ProgrammeFacts | undefined> {
  const authorities = new Map<string, string>();
  let currency: string | undefined;
  for await (const record of source.records(programme, 0)) {
    if (record.type === 'ProgrammeEstablished') currency = record.data.currency;
    const { initiative } = record;
    if (initiative === undefined || (record.type !== 'InitiativeProposed' && record.type !== 'InitiativeAmended')) continue;
    if (record.data.authority !== undefined) authorities.set(initiative, record.data.authority);
  }
  return currency === undefined ? undefined : { currency, authorities };
}
