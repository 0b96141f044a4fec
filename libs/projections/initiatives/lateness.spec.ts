import { describe, expect, it } from '@jest/globals';
import type { IsoDate } from '../../domain/vocabulary.js';
import { command, establish, justice, openTestLedger, propose } from '../../command-processing/testing/ledger.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { ReportFold } from '../report.js';
import { build } from '../runner.js';

/** The lateness of an amendment in every view: the document, the document as of a past day, the report. */
async function lateness(timeZone: string, recordedAt: string, occurredOn: IsoDate) {
  const ledger = await openTestLedger({ clock: { now: Date.parse(recordedAt) } });
  const amendment = command('AmendInitiative', justice, { region: 'Chuy', reason: 'found out' });
  const proposal = { ...propose(), occurredOn };
  await ledger.commands.submitAll([{ ...establish({ timeZone }), occurredOn }, proposal, { ...amendment, occurredOn }]);
  const models = new MemoryReadModels();
  await build({ log: ledger.log, partition: 0, models, generation: 'g' }, new AbortController().signal);
  const source = new Source(models);
  const report = new ReportFold({});
  for (const record of await ledger.records()) report.add(record);
  const views = [
    await reads.initiative(source, 'p', 'i', {}),
    await reads.initiative(source, 'p', 'i', { occurredBy: '9999-12-31' }),
    ...report.report().initiatives,
  ];
  return views.map((view) => view?.lateness.longestDays);
}

describe('an entry is as many days late', () => {
  it.each([
    ['as the days of the programme’s zone say: recorded at 02:00 in Bishkek, a day after', 'Asia/Bishkek', '2024-03-07T20:00:00.000Z', 1],
    [
      'as the days of the programme’s zone say: recorded at 20:30 in New York, the same day',
      'America/New_York',
      '2024-03-08T01:30:00.000Z',
      0,
    ],
    ['in the year it began as in the year after', 'Asia/Bishkek', '2025-03-07T06:00:00.000Z', 365],
  ])('%s', async (_rule, timeZone, recordedAt, days) => {
    expect(await lateness(timeZone, recordedAt, '2024-03-07')).toEqual([days, days, days]);
  });
});
