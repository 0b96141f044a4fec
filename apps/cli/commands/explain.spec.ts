import { describe, expect, it } from '@jest/globals';
import { command, fundedInitiative, justice, openTestLedger, spend } from '../../../libs/command-processing/testing/ledger.js';
import { UserError } from '../output.js';
import { explainOf, explanationCsv, explanationInWords, figureOfOptions } from './explain.js';

/** A ledger of one initiative that spent twice, and moved to a region in between. */
async function ledger() {
  const one = await openTestLedger({ clock: { now: Date.parse('2024-05-01T00:00:00Z') } });
  const outcomes = await one.commands.submitAll([
    ...fundedInitiative(100_000n).map((each) => ({ ...each, occurredOn: '2024-01-01' })),
    spend(6_000n, 'T-1', { occurredOn: '2024-02-01' }),
    command('AmendInitiative', justice, { region: 'Chuy', reason: 'why' }, { occurredOn: '2024-03-01' }),
    spend(500n, 'T-2', { occurredOn: '2024-04-01' }),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'accepted'));
  return one.log;
}

describe('a report that explains a figure', () => {
  it('lists the entries that add up to it, for people', async () => {
    const explained = await explainOf(await ledger(), {}, 'p', figureOfOptions({ figure: 'free', initiative: 'i' }));
    expect(
      explanationInWords(explained)
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual([
      'free of p, initiative i: 935.00 KGS = + funded 1,000.00 - spent 65.00 - returned 0.00 - committed 0.00',
      '3 entries add up to it, counted up to position 7:',
      '',
      'position  day         entry             initiative  adds      sum',
      '4         2024-01-01  InitiativeFunded  i           1,000.00  1,000.00',
      '5         2024-02-01  SpendingRecorded  i           -60.00    940.00',
      '7         2024-04-01  SpendingRecorded  i           -5.00     935.00',
    ]);
  });

  it('lists them as CSV, with the columns of the interface for programs', async () => {
    const explained = await explainOf(await ledger(), {}, 'p', figureOfOptions({ figure: 'spent', region: 'Chuy' }));
    const rows = explanationCsv(explained).trim().split('\n');
    expect(rows.map((row) => row.split(',').slice(0, 5).join())).toEqual([
      'programme,position,initiative,version,type',
      'p,6,i,4,InitiativeAmended',
      'p,7,i,5,SpendingRecorded',
    ]);
    expect(explained.found).toMatchObject({ programme: 'p', figure: 'spent', sum: '6500', position: 7 });
  });

  it('counts to a past day', async () => {
    const past = { occurredBy: '2024-03-31' };
    const explained = await explainOf(await ledger(), past, 'p', figureOfOptions({ figure: 'spent', fiscalYear: '2024' }));
    expect(explained.found.sum).toBe('6000');
    expect((await explainOf(await ledger(), past, 'p', figureOfOptions({ figure: 'lapsed' }))).found).toMatchObject({
      sum: '0',
      items: [],
    });
  });

  it.each([
    [{ figure: 'money' }, /^--explain must be one of appropriated, funded, /],
    [{ figure: 'spent', fiscalYear: 'x' }, '--fiscal-year must be a year, such as 2024'],
    [{ figure: 'spent', initiative: 'i', region: 'Chuy' }, '--region must be absent beside initiative: a figure has one owner'],
    [{ figure: 'spent', initiative: 'j' }, 'there was no initiative j with money at that time'],
    [{ figure: 'spent', fiscalYear: '1999' }, 'there was no fiscal year 1999 with money at that time'],
  ])('says of %j what is wrong', async (options, message) => {
    const log = await ledger();
    const explained = async () => explainOf(log, {}, 'p', figureOfOptions(options));
    await expect(explained()).rejects.toThrow(UserError);
    await expect(explained()).rejects.toThrow(message);
  });

  it('says that there is no such programme', async () => {
    await expect(explainOf(await ledger(), {}, 'q', figureOfOptions({}))).rejects.toThrow('there is no programme q in this ledger');
  });
});
