import { describe, it } from '@jest/globals';
import {
  adjustAppropriation,
  admin,
  amendProgramme,
  appropriationAdjusted,
  auditor,
  close,
  closed,
  command,
  established,
  expected,
  finance,
  funded,
  given,
  grant,
  granted,
  otherFinance,
  programmeAmended,
  proposed,
  reopen,
  reopened,
  returned,
  spent,
  terms,
  withFunding,
} from '../testing/given.js';

const establish = (more: Partial<typeof terms> = {}, envelope = {}) => command('EstablishProgramme', { ...terms, ...more }, envelope);

describe('establishing a programme', () => {
  it('is done once, by an admin', () => {
    given()
      .when(establish())
      .then(expected('ProgrammeEstablished', 1, terms, {}, { by: admin }));
  });
  it('may name an earlier day', () => {
    given()
      .when(establish({}, { on: '2019-01-01' }))
      .then(expected('ProgrammeEstablished', 1, terms, {}, { by: admin, on: '2019-01-01' }));
  });
  it('again with the same content is nothing new, however the fields are ordered', () => {
    given(established()).when(establish()).thenNothingNew();
    given(established())
      .when(
        command('EstablishProgramme', {
          years: 'annual',
          ceiling: 'enforced',
          timeZone: 'Asia/Bishkek',
          currency: 'KGS',
          title: terms.title,
        }),
      )
      .thenNothingNew();
    given(established())
      .when(establish({}, { on: '2023-01-01' }))
      .thenNothingNew();
  });
  it.each([
    ['title', { title: { en: 'Another' } }],
    ['currency', { currency: 'USD' }],
    ['time zone', { timeZone: 'UTC' }],
    ['ceiling', { ceiling: 'none' }],
    ['years', { years: 'multi-year' }],
  ] as const)('again with another %s is refused', (_what, more) => {
    given(established()).when(establish(more)).thenRefused('programme-exists', 'p was established on 2023-01-01, with other content');
  });
  it('again with another day is refused', () => {
    given(established())
      .when(establish({}, { on: '2023-01-02' }))
      .thenRefused('programme-exists', 'p was established on 2023-01-01, with other content');
  });
  it('expects no version, or that there is none yet', () => {
    given()
      .when(establish({}, { expectedVersion: 1 }))
      .thenRefused('version-mismatch', 'p is not established yet, so it has no version 1');
    given()
      .when(establish({}, { expectedVersion: 0 }))
      .then(expected('ProgrammeEstablished', 1, terms, {}, { by: admin }));
  });
  it('is not dated after today', () => {
    given()
      .when(establish({}, { on: '2024-06-16' }))
      .thenRefused('date-out-of-order', 'nothing is dated after today, 2024-06-15; the command says 2024-06-16');
  });
  it('is for an admin alone', () => {
    given()
      .when(establish({}, { by: auditor }))
      .thenRefused('forbidden', 'EstablishProgramme is for admin, not for auditor');
  });
});

const law = { fiscalYear: 2024, amount: 100n, legalBasis: 'law' };

describe('granting an appropriation', () => {
  it('gives a programme what the law lets it spend in a year', () => {
    given(established())
      .when(grant(100n))
      .then(expected('AppropriationGranted', 2, law, { fiscalYear: 2024 }, { by: finance }));
  });
  it('is possible before the year begins, and in programmes whose appropriations limit nothing', () => {
    given(established({ ceiling: 'none' }), granted(1n))
      .when(grant(100n, 2030))
      .then(expected('AppropriationGranted', 3, { ...law, fiscalYear: 2030 }, { fiscalYear: 2030 }, { by: finance }));
  });
  it('is done once a year', () => {
    given(established(), granted(100n))
      .when(grant(99n))
      .thenRefused('appropriation-exists', 'the appropriation 2024 of 2023-12-20 is there already, with other content');
  });
  it('again with the same content is nothing new', () => {
    given(established(), granted(100n), appropriationAdjusted(5n)).when(grant(100n)).thenNothingNew();
  });
  it('is not possible in a closed year', () => {
    given(established(), closed())
      .when(grant(100n))
      .thenRefused('fiscal-year-closed', 'the fiscal year 2024 of p is closed: no grants, funding or spending post to it');
  });
  it('never carries the programme’s total beyond 18 digits', () => {
    given(established(), granted(999_999_999_999_999_998n))
      .when(grant(1n, 2025))
      .then(expected('AppropriationGranted', 3, { ...law, amount: 1n, fiscalYear: 2025 }, { fiscalYear: 2025 }, { by: finance }));
    given(established(), granted(999_999_999_999_999_998n))
      .when(grant(2n, 2025))
      .thenRefused('amount-too-large', 'no total has more than 18 digits; a change of 2 would make one that has', { requested: 2n });
  });
});

const change = (amount: bigint) => ({ fiscalYear: 2024, adjustmentId: 'B-9', change: amount, legalBasis: 'law' });

describe('adjusting an appropriation', () => {
  it('goes up or down', () => {
    given(established(), granted(100n))
      .when(adjustAppropriation(5n))
      .then(expected('AppropriationAdjusted', 3, change(5n), { fiscalYear: 2024 }, { by: finance }));
    given(established(), granted(100n))
      .when(adjustAppropriation(-100n))
      .then(expected('AppropriationAdjusted', 3, change(-100n), { fiscalYear: 2024 }, { by: finance }));
  });
  it('needs an appropriation', () => {
    given(established(), granted(100n, 2023))
      .when(adjustAppropriation(5n))
      .thenRefused('unknown-appropriation', 'nothing was appropriated for 2024 yet, so there is nothing to adjust');
  });
  it('never falls below what was funded and not returned', () => {
    const happened = [established(), granted(100n), proposed(), funded(80n), returned(30n)];
    given(happened)
      .when(adjustAppropriation(-50n))
      .then(expected('AppropriationAdjusted', 3, change(-50n), { fiscalYear: 2024 }, { by: finance }));
    given(happened)
      .when(adjustAppropriation(-51n))
      .thenRefused(
        'appropriation-below-funding',
        'an appropriation never falls below what was funded out of it: that of 2024 can be cut by 50, and 51 was requested',
        { available: 50n, requested: 51n },
      );
  });
  it('counts earlier adjustments', () => {
    given(established(), granted(100n), appropriationAdjusted(-60n))
      .when(adjustAppropriation(-41n))
      .thenRefused(
        'appropriation-below-funding',
        'an appropriation never falls below what was funded out of it: that of 2024 can be cut by 40, and 41 was requested',
        { available: 40n, requested: 41n },
      );
  });
  it('is bounded by zero alone where appropriations limit nothing', () => {
    const happened = [established({ ceiling: 'none' }), granted(100n), proposed(), funded(80n)];
    given(happened)
      .when(adjustAppropriation(-100n))
      .then(expected('AppropriationAdjusted', 3, change(-100n), { fiscalYear: 2024 }, { by: finance }));
    given(happened)
      .when(adjustAppropriation(-101n))
      .thenRefused(
        'appropriation-below-funding',
        'an appropriation never falls below what was funded out of it: that of 2024 can be cut by 100, and 101 was requested',
        { available: 100n, requested: 101n },
      );
  });
  it('is not dated before the grant', () => {
    given(established(), granted(100n))
      .when(adjustAppropriation(5n, { on: '2023-12-19' }))
      .thenRefused(
        'date-out-of-order',
        'the appropriation for 2024 is of 2023-12-20; nothing about it is dated before, and the command says 2023-12-19',
      );
    given(established(), granted(100n))
      .when(adjustAppropriation(5n, { on: '2023-12-20' }))
      .then(expected('AppropriationAdjusted', 3, change(5n), { fiscalYear: 2024 }, { by: finance, on: '2023-12-20' }));
  });
  it('is not possible in a closed year', () => {
    given(established(), granted(100n), closed())
      .when(adjustAppropriation(5n))
      .thenRefused('fiscal-year-closed', 'the fiscal year 2024 of p is closed: no grants, funding or spending post to it');
  });
  it('again with the same content is nothing new, with other content refused', () => {
    const happened = [established(), granted(100n), appropriationAdjusted(5n, 'B-9')];
    given(happened).when(adjustAppropriation(5n)).thenNothingNew();
    given(happened)
      .when(adjustAppropriation(6n))
      .thenRefused(
        'appropriation-adjustment-exists',
        'the appropriation-adjustment B-9 of 2024-02-01 is there already, with other content',
      );
  });
  it('never carries the programme’s total beyond 18 digits', () => {
    given(established(), granted(1n), granted(999_999_999_999_999_998n, 2025))
      .when(adjustAppropriation(1n))
      .thenRefused('amount-too-large', 'no total has more than 18 digits; a change of 1 would make one that has', { requested: 1n });
  });
});

describe('closing a fiscal year', () => {
  const newYear = '2025-01-01';
  const yearClosed = (version: number, fiscalYear = 2024, on = newYear) =>
    expected('FiscalYearClosed', version, { fiscalYear }, { fiscalYear }, { by: finance, on });

  it('is possible once everything is spent or returned', () => {
    given(withFunding(100n), spent(60n), returned(40n)).when(close(), newYear).then(yearClosed(3));
  });
  it('needs a year in which something was appropriated, funded or spent', () => {
    given(established())
      .when(close(2022))
      .thenRefused(
        'unknown-fiscal-year',
        'nothing was appropriated, funded or spent in 2022, so there is nothing to close; the fiscal years of p are none yet',
      );
    given(established(), granted(1n), granted(1n, 2023))
      .when(close(2022))
      .thenRefused(
        'unknown-fiscal-year',
        'nothing was appropriated, funded or spent in 2022, so there is nothing to close; the fiscal years of p are 2023, 2024',
      );
    const unenforced = { ceiling: 'none', years: 'multi-year' } as const;
    given(established(unenforced), proposed(), funded(1n, { year: 2023 }))
      .when(close(2023))
      .then(yearClosed(2, 2023, '2024-06-15'));
  });
  it('waits until the year is over on the day it is dated', () => {
    const detail = (on: string) => `the fiscal year 2024 is over after 2024-12-31, and the command says ${on}; close it from 2025-01-01 on`;
    given(established(), granted(1n)).when(close()).thenRefused('fiscal-year-not-over', detail('2024-06-15'));
    given(established(), granted(1n)).when(close(), '2024-12-31').thenRefused('fiscal-year-not-over', detail('2024-12-31'));
    given(established(), granted(1n))
      .when(close(2024, { on: '2024-12-31' }), newYear)
      .thenRefused('fiscal-year-not-over', detail('2024-12-31'));
    given(established(), granted(1n)).when(close(), newYear).then(yearClosed(3));
  });
  it('is refused while an annual year has money neither spent nor returned', () => {
    given(withFunding(100n), spent(60n))
      .when(close(), newYear)
      .thenRefused(
        'year-has-open-funds',
        'all money of an annual year is spent or returned before it closes: 40 of 2024 is left, initiatives that have some: 1',
        { available: 40n },
      );
    given(withFunding(100n, { ceiling: 'none' }), proposed({ initiative: 'j' }), funded(5n, { initiative: 'j' }), spent(60n))
      .when(close(), newYear)
      .thenRefused(
        'year-has-open-funds',
        'all money of an annual year is spent or returned before it closes: 45 of 2024 is left, initiatives that have some: 2',
        { available: 45n },
      );
  });
  it('looks at its own year only', () => {
    given(withFunding(100n), granted(10n, 2023))
      .when(close(2023))
      .then(yearClosed(4, 2023, '2024-06-15'));
  });
  it('leaves multi-year money open', () => {
    given(withFunding(100n, { years: 'multi-year' }))
      .when(close(), newYear)
      .then(yearClosed(3));
  });
  it('is done once', () => {
    given(established(), closed())
      .when(close(), newYear)
      .thenRefused('fiscal-year-closed', 'the fiscal year 2024 of p is closed: no grants, funding or spending post to it');
  });
  it('is not dated before the year’s appropriation', () => {
    given(established(), granted(100n, 2022, '2023-02-01'))
      .when(close(2022, { on: '2023-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the appropriation for 2022 is of 2023-02-01; nothing about it is dated before, and the command says 2023-01-31',
      );
  });
});

describe('reopening a fiscal year', () => {
  const yearReopened = (version: number, fiscalYear = 2023) =>
    expected('FiscalYearReopened', version, { fiscalYear, reason: 'why', legalBasis: 'decree' }, { fiscalYear }, { by: otherFinance });
  const happened = [established(), granted(100n, 2023, '2023-01-02'), closed(2023, { on: '2024-02-01' })];

  it('lets grants, funding and spending post to it again, and it closes again', () => {
    given(happened).when(reopen(2023)).then(yearReopened(4));
    given(happened, reopened(2023))
      .when(close(2023))
      .then(expected('FiscalYearClosed', 5, { fiscalYear: 2023 }, { fiscalYear: 2023 }, { by: finance }));
    given(established(), closed(2023), reopened(2023))
      .when(grant(1n, 2023))
      .then(
        expected('AppropriationGranted', 4, { fiscalYear: 2023, amount: 1n, legalBasis: 'law' }, { fiscalYear: 2023 }, { by: finance }),
      );
  });
  it('needs a closed year', () => {
    const detail = 'the fiscal year 2023 of p is not closed, so there is nothing to reopen';
    given(established()).when(reopen(2023)).thenRefused('fiscal-year-open', detail);
    given(happened, reopened(2023)).when(reopen(2023)).thenRefused('fiscal-year-open', detail);
  });
  it('is for finance, and for somebody else than who closed it', () => {
    given(happened)
      .when(reopen(2023, { by: finance }))
      .thenRefused('separation-of-duties', 'who closed 2023 does not reopen it');
    given(happened)
      .when(reopen(2023, { by: admin }))
      .thenRefused('forbidden', 'ReopenFiscalYear is for finance, not for admin');
  });
  it('is not dated before the closing', () => {
    given(happened)
      .when(reopen(2023, { on: '2024-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the closing of 2023 is of 2024-02-01; nothing about it is dated before, and the command says 2024-01-31',
      );
  });
});

describe('amending a programme', () => {
  const amended = (data: { title?: object; establishedOn?: string }) =>
    expected('ProgrammeAmended', 2, { ...data, reason: 'why' } as never, {}, { by: admin });

  it('merges its title by language, and null removes one', () => {
    given(established())
      .when(amendProgramme({ title: { ky: 'Санарип П' } }))
      .then(amended({ title: { en: 'Digital P', ky: 'Санарип П' } }));
    given(established({ title: { en: 'P', ru: 'П', ky: 'П' } }))
      .when(amendProgramme({ title: { ru: null, en: 'Q' } }))
      .then(amended({ title: { en: 'Q', ky: 'П' } }));
  });
  it('keeps its title in one language at least, and in 20 at most', () => {
    given(established())
      .when(amendProgramme({ title: { en: null } }))
      .thenRefused('title-languages', 'a title stays in one language at least; the command removes the last');
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`q${String.fromCharCode(97 + index)}`, 'P']));
    given(established())
      .when(amendProgramme({ title: twenty }))
      .thenRefused('title-languages', 'a title is in at most 20 languages; the command would make it 21');
    given(established())
      .when(amendProgramme({ title: { ...twenty, en: null } }))
      .then(amended({ title: twenty }));
  });
  it('moves its establishment back, after which what lies between may be recorded', () => {
    given(established())
      .when(amendProgramme({ establishedOn: '2019-01-01' }))
      .then(amended({ establishedOn: '2019-01-01' }));
    given(established(), programmeAmended({ establishedOn: '2019-01-01' }))
      .when(grant(100n, 2019, { on: '2019-01-01' }))
      .then(expected('AppropriationGranted', 3, { ...law, fiscalYear: 2019 }, { fiscalYear: 2019 }, { by: finance, on: '2019-01-01' }));
  });
  it('never moves it forward', () => {
    given(established())
      .when(amendProgramme({ establishedOn: '2023-01-02' }))
      .thenRefused(
        'date-out-of-order',
        'p was established on 2023-01-01, and the command says 2023-01-02; an establishment moves back, never forward',
      );
  });
  it('is dated from the new establishment on', () => {
    given(established())
      .when(amendProgramme({ establishedOn: '2019-01-01' }, { on: '2018-12-31' }))
      .thenRefused(
        'date-out-of-order',
        'the establishment of p is of 2019-01-01; nothing about it is dated before, and the command says 2018-12-31; an admin may amend the programme to an earlier one',
      );
  });
  it('names what changes', () => {
    const detail = 'p is as the command says already; an amendment names what changes';
    for (const changes of [{}, { title: { en: 'Digital P', ru: null } }, { establishedOn: '2023-01-01' }])
      given(established()).when(amendProgramme(changes)).thenRefused('nothing-to-amend', detail);
    given(established())
      .when(amendProgramme({ title: { en: 'Digital P' }, establishedOn: '2022-01-01' }))
      .then(amended({ establishedOn: '2022-01-01' }));
  });
  it('is for an admin alone, who acts for nobody', () => {
    given(established())
      .when(amendProgramme({ title: { en: 'Q' } }, { by: finance }))
      .thenRefused('forbidden', 'AmendProgramme is for admin, not for finance');
  });
  it('leaves the same establishment again nothing new', () => {
    given(established(), programmeAmended({ title: { en: 'Q' }, establishedOn: '2019-01-01' }))
      .when(establish())
      .thenNothingNew();
  });
});

describe('what happens in a programme', () => {
  it('is not dated before its establishment', () => {
    given(established())
      .when(grant(100n, 2023, { on: '2022-12-31' }))
      .thenRefused(
        'date-out-of-order',
        'the establishment of p is of 2023-01-01; nothing about it is dated before, and the command says 2022-12-31; an admin may amend the programme to an earlier one',
      );
  });
});

describe('a command to a programme', () => {
  it('needs the programme', () => {
    given().when(grant(1n)).thenRefused('unknown-programme', 'there is no programme p; an admin establishes it first');
  });
  it('that names the version its sender saw is refused when that has moved on', () => {
    given(established(), granted(1n))
      .when(close(2024, { expectedVersion: 1 }))
      .thenRefused('version-mismatch', 'the command was made for version 1, and it is version 2 now');
    given(established(), granted(1n))
      .when(adjustAppropriation(5n, { expectedVersion: 2 }))
      .then(expected('AppropriationAdjusted', 3, change(5n), { fiscalYear: 2024 }, { by: finance }));
  });
  it('does not count what happens to its initiatives as its own history', () => {
    given(withFunding(100n), spent(100n))
      .when(adjustAppropriation(5n))
      .then(expected('AppropriationAdjusted', 3, change(5n), { fiscalYear: 2024 }, { by: finance }));
  });
  it('is not dated after today', () => {
    given(established())
      .when(grant(1n, 2024, { on: '2024-06-16' }))
      .thenRefused('date-out-of-order', 'nothing is dated after today, 2024-06-15; the command says 2024-06-16');
  });
});
