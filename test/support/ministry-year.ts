/** The story of one ministry's year, told over HTTP: contracts, a second person, a transfer, delivery, a carried-over contract, and a result a year later. */
import { expect } from '@jest/globals';
import type { Answer, Client } from './client.js';
import { thisYear, timeZone } from './days.js';
import type { Clients } from './programme.js';

/** The year that the story tells is over; what comes after it happens in this one. */
const year = thisYear - 1;
const [p, notary, archive] = ['/programmes/p', '/programmes/p/initiatives/e-notary', '/programmes/p/initiatives/e-archive'];
const legalBasis = 'Budget law';

/** Clients in every role; `controller` is a second person of finance. */
export type Storytellers = Clients & { controller: Client };

/** Tells the year, and expects each step to end as the rules say. @returns the position after the last step */
export async function tellMinistryYear({ admin, finance, controller, ministry }: Storytellers): Promise<number> {
  let last: Answer | undefined;
  const done = (answer: Answer) => {
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    return (last = answer);
  };
  const refused = ({ status, body }: Answer, refusal: object) => {
    expect({ status, body }).toMatchObject({ status: 409, body: refusal });
  };
  const on = (day: string) => ({ occurredOn: `${year}-${day}` });
  const propose = (initiative: string) =>
    ministry.post(`${p}/initiatives`, {
      initiative,
      title: { en: initiative },
      authority: 'ministry-of-justice',
      sector: '01.3',
      ...on('01-10'),
    });
  const define = (initiative: string) =>
    ministry.post(`${initiative}/indicators`, {
      indicatorId: 'I-1',
      title: { en: 'Acts signed online' },
      unit: 'percent',
      baseline: '0',
      targets: [{ period: String(thisYear), value: '60' }],
      ...on('01-11'),
    });

  done(
    await admin.put(p, {
      title: { en: 'P' },
      currency: 'KGS',
      timeZone,
      ceiling: 'enforced',
      years: 'annual',
      indicators: 'required',
      approvals: [{ command: 'FundInitiative', above: '500000', role: 'finance' }],
      ...on('01-01'),
    }),
  );
  done(
    await finance.post(`${p}/appropriations`, {
      fiscalYear: year,
      amount: '1000000',
      legalBasis,
      source: { kind: 'budget' },
      ...on('01-02'),
    }),
  );
  done(await propose('e-notary'));
  done(await propose('e-archive'));
  const ownMoney = { fundingId: 'F-1', fiscalYear: year, amount: '50000', source: { kind: 'own' }, ...on('01-20') };
  refused(await finance.post(`${archive}/funding`, ownMoney), { code: 'indicator-missing' });
  done(await define(notary));
  done(await define(archive));
  for (const [milestoneId, day] of [
    ['M-1', '06-30'],
    ['M-2', '12-15'],
  ] as const)
    done(
      await ministry.post(`${notary}/milestones`, {
        milestoneId,
        title: { en: milestoneId },
        kind: 'delivery',
        dueOn: `${year}-${day}`,
        ...on('01-12'),
      }),
    );

  // Much money waits for a second person.
  const large = { fundingId: 'F-1', fiscalYear: year, amount: '600000', source: { kind: 'budget' }, ...on('01-20') };
  const held = await finance.post(`${notary}/funding`, large);
  expect([held.status, held.body['events']]).toEqual([202, ['CommandSubmitted']]);
  const request = held.headers.get('location') ?? '';
  refused(await finance.post(`${request}/approval`), { code: 'separation-of-duties' });
  done(await controller.post(`${request}/approval`));
  refused(await controller.post(`${request}/approval`), { code: 'request-ended' });
  const grant = { fundingId: 'F-2', fiscalYear: year, amount: '40000', source: { kind: 'grant', party: 'World Bank' }, ...on('01-21') };
  done(await finance.post(`${notary}/funding`, grant));
  done(await finance.post(`${archive}/funding`, ownMoney));

  // A contract is drawn twice, and one drawing is reversed.
  const references = [{ type: 'contractSigned', id: 'K-17', sha256: 'a'.repeat(64) }];
  done(
    await ministry.post(`${notary}/commitments`, {
      commitmentId: 'C-1',
      supplier: 'Systems',
      amount: '500000',
      references,
      ...on('03-01'),
    }),
  );
  const draw = (transactionId: string, amount: string, occurredOn: string) =>
    ministry.post(`${notary}/spending`, { transactionId, amount, commitmentId: 'C-1', occurredOn });
  done(await draw('T-1', '200000', `${year}-03-15`));
  done(await draw('T-2', '100000', `${year}-04-15`));
  done(
    await ministry.post(`${notary}/spending/T-2/reversals`, { reversalId: 'V-1', amount: '100000', reason: 'paid twice', ...on('04-20') }),
  );
  done(await ministry.post(`${notary}/milestones/M-1/report`, { status: 'met', ...on('06-30') }));
  done(
    await ministry.post(`${notary}/milestones/M-2/forecasts`, {
      dueOn: `${thisYear}-01-01`,
      reason: 'The tender was repeated',
      ...on('10-01'),
    }),
  );

  // Money comes from the other initiative; more than is free is refused with the figures.
  done(
    await finance.post(`${archive}/transfers`, {
      transferId: 'X-1',
      to: 'e-notary',
      fiscalYear: year,
      amount: '30000',
      legalBasis,
      ...on('11-01'),
    }),
  );
  refused(await ministry.post(`${notary}/spending`, { transactionId: 'T-3', amount: '170001', ...on('11-02') }), {
    code: 'funding-exceeded',
    available: '170000',
    requested: '170001',
  });

  // The year closes once what is free went back and the contract went over.
  refused(await finance.post(`${p}/fiscal-years/${year}/closing`), { code: 'year-has-open-funds', available: '490000' });
  const giveBack = (initiative: string, amount: string) =>
    ministry.post(`${initiative}/returns`, { returnId: 'U-1', fiscalYear: year, amount, ...on('12-28') });
  done(await giveBack(notary, '170000'));
  done(await giveBack(archive, '20000'));
  done(await finance.post(`${notary}/carry-overs`, { carryOverId: 'O-1', fiscalYear: year, amount: '300000', legalBasis, ...on('12-30') }));
  done(await finance.post(`${p}/fiscal-years/${year}/closing`));

  // The rest of the contract is paid in the next year, the initiative ends, and its result is reported afterwards.
  done(await draw('T-4', '300000', `${thisYear}-01-01`));
  done(await ministry.post(`${notary}/milestones/M-2/report`, { status: 'met' }));
  done(await ministry.post(`${notary}/finalization`));
  done(await finance.post(`${notary}/completion`));
  done(await ministry.post(`${notary}/results`, { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: `${thisYear}-01-01`, value: '61.5' }));
  return Number(last?.body['position']);
}

/** Reads the year as an auditor does, as it is now and as it was known on a day. */
export async function auditMinistryYear({ anyone, auditor }: Storytellers, position: number): Promise<void> {
  const read = async (path: string, by = anyone) => {
    const { status, body, text } = await by.getAt(path, position);
    expect({ path, status, text }).toMatchObject({ status: 200 });
    return body;
  };
  const items = async (path: string, by = anyone) => (await read(path, by))['items'] as Record<string, unknown>[];

  expect(await read(notary)).toMatchObject({ status: 'finalized', spent: '500000', committed: '0', available: '0' });
  expect(await read(`${notary}?occurredBy=${year}-03-31`)).toMatchObject({ spent: '200000', committed: '300000', free: '140000' });
  expect(await items(`${p}/fiscal-years`)).toMatchObject([
    { fiscalYear: year, appropriated: '700000', funded: '390000', spent: '200000', returned: '190000', committed: '0' },
    { fiscalYear: thisYear, appropriated: '300000', funded: '300000', spent: '300000' },
  ]);
  expect(await items(`${p}/sources`)).toMatchObject([
    { source: 'budget', appropriated: '1000000', funded: '600000' },
    { source: 'grant', funded: '40000' },
    { source: 'own', funded: '50000' },
  ]);
  expect(await items(`${notary}/commitments`)).toMatchObject([{ commitmentId: 'C-1', supplier: 'Systems' }]);
  expect(await items(`${notary}/milestones`)).toMatchObject([{ milestoneId: 'M-1' }, { milestoneId: 'M-2', reforecasts: 1 }]);
  expect(await items(`${notary}/results`)).toMatchObject([{ resultId: 'Q-1', value: '61.5' }]);
  expect(await items(`${p}/requests`, auditor)).toMatchObject([{ status: 'approved', command: { type: 'FundInitiative' } }]);
  expect(await items(`${p}/entries?reference=K-17`, auditor)).toMatchObject([{ type: 'CommitmentMade' }]);
  const codes = (await items(`${p}/entries?refused=true&sort=position`, auditor)).map(({ refusal }) => (refusal as { code: string }).code);
  expect(codes).toEqual(['indicator-missing', 'separation-of-duties', 'request-ended', 'funding-exceeded', 'year-has-open-funds']);
}
