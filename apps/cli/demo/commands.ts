import type { Command } from '../../../libs/domain/commands.js';
import type { Instant, IsoDate } from '../../../libs/domain/vocabulary.js';
import { contracted, requested, transferred } from './contracts.js';
import { later } from './days.js';
import { deliveryOf } from './delivery.js';
import { appropriations, initiativePlans, type InitiativePlan } from './plans.js';
import { budgetOffice, cabinet, clerkOf, controlOffice, tyiyn, type Entry } from './story.js';

export const demoProgramme = 'digital-kyrgyzstan';

/**
 * The demo as commands, each with the moment at which the ledger receives it; the same every time. Moments never decrease, and the entries of one
 * sender on one day share a moment.
 */
export function demoCommands(): { at: Instant; command: Command }[] {
  const plans = initiativePlans();
  const entries = [
    ...programmeEntries(),
    ...plans.flatMap(contracted),
    ...delivered(plans),
    ...transferred(plans),
    ...requested(plans),
    ...triedInVain(plans),
  ];
  return entries
    .map((entry, order) => ({ entry, order, at: momentOf(entry) }))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.order - other.order))
    .map(({ entry, at }, index) => ({ at, command: commandOf(entry, `demo-${String(index + 1).padStart(5, '0')}`) }));
}

/** Each sender has an hour of the day: authorities in the morning, finance in the afternoon (UTC+6). */
function momentOf({ enteredOn, actor: { role, organisation, id } }: Entry): Instant {
  const minutes = Buffer.from(organisation + id).reduce((sum, letter) => (sum * 31 + letter) % 179, 7);
  const time = new Date(((role === 'ministry' ? 3 : 8) * 60 + minutes) * 60_000).toISOString().slice(11);
  return `${enteredOn}T${time}`;
}

function commandOf({ enteredOn: _enteredOn, ...entry }: Entry, commandId: string): Command {
  return { ...entry, commandId, programme: demoProgramme };
}

function programmeEntries(): Entry[] {
  return [
    {
      type: 'EstablishProgramme',
      actor: cabinet,
      occurredOn: '2018-12-17',
      enteredOn: '2018-12-18',
      data: {
        title: { ky: 'Санарип Кыргызстан', ru: 'Цифровой Кыргызстан', en: 'Digital Kyrgyzstan' },
        currency: 'KGS',
        timeZone: 'Asia/Bishkek',
        ceiling: 'enforced',
        years: 'annual',
      },
    },
    ...appropriations.map(({ year, amount }): Entry => ({
      type: 'GrantAppropriation',
      actor: budgetOffice,
      occurredOn: `${year - 1}-12-24`,
      enteredOn: `${year - 1}-12-27`,
      data: { fiscalYear: year, amount: tyiyn(amount), legalBasis: `Law on the republican budget for ${year}` },
    })),
    ...[2019, 2020, 2021, 2022, 2023].map((fiscalYear) => closing(fiscalYear, `${fiscalYear + 1}-03-20`)),
  ];
}

function closing(fiscalYear: number, occurredOn: IsoDate): Entry {
  return { type: 'CloseFiscalYear', actor: controlOffice, occurredOn, enteredOn: later(occurredOn, 1), data: { fiscalYear } };
}

/** The first of the running initiatives delivers least. */
function delivered(plans: readonly InitiativePlan[]): Entry[] {
  const worst = plans.find(({ fate }) => fate === 'spending');
  return plans.flatMap((plan) => deliveryOf(plan, plan === worst));
}

/** Commands that the ledger refuses, in addition to the overspending that some initiatives try. */
function triedInVain(plans: readonly InitiativePlan[]): Entry[] {
  const crossing = plans.find(({ begins, years, fate }) => begins === 2022 && years.length === 2 && fate === 'finalized');
  const running = plans.find(({ begins, fate }) => begins === 2024 && fate === 'spending');
  if (!crossing || !running) throw new Error('the plans have no initiative that crosses a year, or none that runs');
  return [
    // 2023 can't be closed before its unspent money is returned.
    closing(2023, '2024-01-09'),
    // A late invoice of a year that is closed.
    {
      type: 'RecordSpending',
      initiative: crossing.code,
      actor: clerkOf(crossing.authority),
      occurredOn: '2022-12-28',
      enteredOn: '2023-04-12',
      data: { transactionId: 'T-2022-late', amount: tyiyn(350), payee: 'Supplier 12', description: 'Licences' },
    },
    // Another ministry's initiative.
    {
      type: 'StartFinalizing',
      initiative: crossing.code,
      actor: clerkOf(crossing.authority === 'ministry-of-health' ? 'ministry-of-justice' : 'ministry-of-health'),
      occurredOn: '2023-05-16',
      enteredOn: '2023-05-17',
      data: {},
    },
    // More than is left of the appropriation.
    {
      type: 'FundInitiative',
      initiative: running.code,
      actor: budgetOffice,
      occurredOn: '2024-09-10',
      enteredOn: '2024-09-11',
      data: { fundingId: 'F-2024-more', fiscalYear: 2024, amount: tyiyn(75_000) },
    },
  ];
}
