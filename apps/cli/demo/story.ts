/** One initiative's entries in the demo, from its proposal on, each with the later day on which it was entered. */
import type { CommandData, InitiativeCommandType, ProgrammeCommandType } from '../../../libs/domain/commands.js';
import type { Reference } from '../../../libs/domain/papers/references.js';
import type { Actor, IsoDate, Money } from '../../../libs/domain/vocabulary.js';
import { earliest, later, latest, workingDay, daysBetween } from './days.js';
import type { InitiativePlan, YearPlan } from './plans.js';
import { seeded, type Seeded } from './seeded.js';

type Entered = { enteredOn: IsoDate; actor: Actor; occurredOn: IsoDate; references?: readonly Reference[] };
export type ProgrammeEntry = {
  [T in ProgrammeCommandType]: Entered & { type: T; initiative?: never; data: CommandData[T] };
}[ProgrammeCommandType];
export type InitiativeEntry = {
  [T in InitiativeCommandType]: Entered & { type: T; initiative: string; data: CommandData[T] };
}[InitiativeCommandType];
/** An entry and the day it was entered: a command without its id and programme. */
export type Entry = ProgrammeEntry | InitiativeEntry;

export const cabinet: Actor = { id: 'cabinet.registrar', organisation: 'cabinet', role: 'admin' };
export const budgetOffice: Actor = { id: 'finance.budget', organisation: 'ministry-of-finance', role: 'finance' };
export const controlOffice: Actor = { id: 'finance.control', organisation: 'ministry-of-finance', role: 'finance' };
export const clerkOf = (authority: string): Actor => ({ id: `${authority}.clerk`, organisation: authority, role: 'ministry' });

/** The day the demo ends; nothing is entered later. */
export const lastDay: IsoDate = '2024-09-30';

/** Thousands of som in tyiyn. */
export const tyiyn = (thousands: number): Money => BigInt(thousands) * 100_000n;

/** Every entry of an initiative. Only entries of the same day and sender are in their order. */
export function storyOf(plan: InitiativePlan): Entry[] {
  const random = seeded(plan.index * 7919 + 1);
  const entries: Entry[] = [];
  const proposedOn = later(plan.fate === 'proposed' ? '2024-06-03' : `${plan.begins}-01-09`, random.whole(0, isHurried(plan) ? 40 : 100));
  let entered = workingDay(later(proposedOn, random.whole(1, 9)));
  entries.push(proposal(plan, proposedOn, entered, random));
  for (const year of plan.years) {
    const told = yearOf(plan, year, latest(entered, `${year.year}-01-20`), random);
    entries.push(...told.entries);
    entered = told.entered;
  }
  return entries;
}

/** Whether an initiative ends in the year it began, while that year is not over. */
function isHurried({ begins, fate }: InitiativePlan): boolean {
  return begins === 2024 && (fate === 'finalized' || fate === 'finalizing');
}

function proposal(plan: InitiativePlan, occurredOn: IsoDate, enteredOn: IsoDate, random: Seeded): Entry {
  const funded = plan.years.reduce((sum, year) => sum + year.funded, 0) || random.whole(3_000, 12_000);
  const lastYear = plan.years.at(-1)?.year ?? 2025;
  return {
    type: 'ProposeInitiative',
    initiative: plan.code,
    actor: clerkOf(plan.authority),
    enteredOn,
    occurredOn,
    data: {
      title: plan.title,
      authority: plan.authority,
      authorityName: plan.authorityName,
      requestedAmount: tyiyn(Math.ceil(funded * (1 + 0.15 * random.next()))),
      plannedStart: later(occurredOn, 30),
      plannedEnd: `${lastYear}-12-${random.chance(0.5) ? '15' : '31'}`,
    },
  };
}

/** Whether an initiative tries to spend more than is left, at its end. */
export function triesTooMuch({ index }: InitiativePlan): boolean {
  return index % 17 === 5;
}

/** The last day of a year's activity. */
function horizonOf({ fate }: InitiativePlan, year: number): IsoDate {
  if (year < 2024) return `${year}-12-20`;
  return fate === 'finalized' ? '2024-07-12' : '2024-08-16';
}

/** Funding, payments and later entries of one year; `entered` is the last day on which something was entered. */
function yearOf(plan: InitiativePlan, money: YearPlan, from: IsoDate, random: Seeded): { entries: Entry[]; entered: IsoDate } {
  const { year } = money;
  const clerk = clerkOf(plan.authority);
  const horizon = horizonOf(plan, year);
  const entries: Entry[] = [];
  const initiative = plan.code;
  const tell = (entry: Entry): IsoDate => {
    entries.push(entry);
    return entry.enteredOn;
  };
  const enter = (occurredOn: IsoDate, least: number, most: number) =>
    earliest(workingDay(later(occurredOn, random.whole(least, most))), year === 2024 ? lastDay : `${year + 1}-02-14`);

  const fundedOn = later(from, random.whole(10, 25));
  const second = random.chance(0.3) ? Math.max(money.returned, Math.floor(money.funded * 0.35)) : 0;
  const fund = (part: string, thousands: number, occurredOn: IsoDate): IsoDate =>
    tell({
      type: 'FundInitiative',
      initiative,
      actor: budgetOffice,
      occurredOn,
      enteredOn: enter(occurredOn, 1, 6),
      data: { fundingId: `F-${year}-${part}`, fiscalYear: year, amount: tyiyn(thousands) },
    });
  const firstEntered = fund('1', money.funded - second, fundedOn);
  const lastPart = plan.years.at(-1) === money;
  const end = lastPart ? earliest(later(firstEntered, random.whole(120, 260)), horizon) : horizon;
  const middle = later(firstEntered, Math.floor(daysBetween(firstEntered, end) / 2));
  const secondEntered = second > 0 ? fund('2', second, middle) : firstEntered;

  // Each part of the money is spent after it was funded, so spending is always covered.
  const ofFirst = Math.min(money.spent, money.funded - second);
  let number = 0;
  let entered = secondEntered;
  const pay = (thousands: number, since: IsoDate, until: IsoDate) => {
    if (thousands === 0) return;
    const days = daysBetween(since, until);
    for (const amount of random.split(thousands, random.whole(2, 4))) {
      const occurredOn = later(since, random.whole(8, Math.max(days, 9)));
      entered = latest(entered, payment(amount, occurredOn, enter(occurredOn, 3, 24)));
    }
  };
  const payment = (thousands: number, occurredOn: IsoDate, enteredOn: IsoDate): IsoDate =>
    tell({
      type: 'RecordSpending',
      initiative,
      actor: clerk,
      occurredOn,
      enteredOn,
      data: {
        transactionId: `T-${year}-${++number}`,
        amount: tyiyn(thousands),
        payee: `Supplier ${random.whole(1, 60)}`,
        description: purposes[random.whole(0, purposes.length - 1)] ?? '',
      },
    });
  pay(ofFirst, firstEntered, end);
  pay(money.spent - ofFirst, secondEntered, end);

  if (plan.index % 19 === 4 && lastPart && plan.fate === 'finalized') {
    // An invoice with a wrong entry: reversed, and entered again correctly.
    const wrong = entries.find((entry) => entry.type === 'RecordSpending');
    if (wrong?.type === 'RecordSpending') {
      const { transactionId, amount } = wrong.data;
      entered = tell({
        type: 'ReverseSpending',
        initiative,
        actor: clerk,
        occurredOn: end,
        enteredOn: workingDay(later(latest(entered, end), 2)),
        data: { reversalId: `V-${year}-1`, transactionId, amount, reason: 'entered with the wrong payee' },
      });
      payment(Number(amount / 100_000n), end, entered);
    }
  }
  if (triesTooMuch(plan) && lastPart) {
    // More than is left: refused and recorded.
    const occurredOn = later(end, 1);
    entered = payment(money.funded - money.spent + random.whole(400, 2_500), occurredOn, workingDay(later(latest(entered, occurredOn), 1)));
  }
  if (plan.fate === 'suspended' && lastPart)
    tell({
      type: 'SuspendInitiative',
      initiative,
      actor: controlOffice,
      occurredOn: '2023-12-27',
      enteredOn: '2023-12-29',
      data: { reason: 'the audit of its procurement is not over', legalBasis: 'Order of the Ministry of Finance' },
    });
  if (money.returned > 0) {
    // 2023 has so many returns that they last until February.
    const since = year === 2023 && money.returned > 10_000 ? '2024-01-12' : end;
    const occurredOn = later(since, random.whole(2, 6));
    entered = tell({
      type: 'ReturnFunds',
      initiative,
      actor: clerk,
      occurredOn,
      enteredOn: workingDay(later(latest(entered, occurredOn), random.whole(2, 8))),
      data: { returnId: `R-${year}`, fiscalYear: year, amount: tyiyn(money.returned), reason: 'unspent' },
    });
  }
  if (lastPart) entries.push(...endingOf(plan, end, entered, random));
  return { entries, entered };
}

/** The end of an initiative, if it has one. */
function endingOf(plan: InitiativePlan, end: IsoDate, entered: IsoDate, random: Seeded): Entry[] {
  const { fate, code: initiative } = plan;
  if (fate === 'cancelled')
    return [
      {
        type: 'CancelInitiative',
        initiative,
        actor: controlOffice,
        occurredOn: later(entered, 3),
        enteredOn: workingDay(later(entered, 8)),
        data: { reason: 'the service became part of the state portal', legalBasis: 'Decision of the Cabinet of Ministers' },
      },
    ];
  if (fate !== 'finalizing' && fate !== 'finalized') return [];
  const startedOn = later(end, random.whole(7, 20));
  const startEntered = workingDay(later(latest(entered, startedOn), random.whole(1, 5)));
  const start: Entry = {
    type: 'StartFinalizing',
    initiative,
    actor: clerkOf(plan.authority),
    occurredOn: startedOn,
    enteredOn: startEntered,
    data: {},
  };
  if (fate === 'finalizing') return [start];
  const signedOn = later(startEntered, random.whole(5, 21));
  return [
    start,
    {
      type: 'FinalizeInitiative',
      initiative,
      actor: controlOffice,
      occurredOn: signedOn,
      enteredOn: workingDay(later(signedOn, random.whole(1, 6))),
      data: {},
    },
  ];
}

const purposes = ['Software development', 'Equipment', 'Licences', 'Training', 'Support and maintenance', 'Data migration'] as const;
