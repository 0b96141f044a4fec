/** The contracts of the demo's running initiatives, money that moves between two of them, and what waits for a second person. */
import type { Actor, IsoDate } from '../../../libs/domain/vocabulary.js';
import { latest, later, workingDay } from './days.js';
import { appropriations, type InitiativePlan } from './plans.js';
import { budgetOffice, cabinet, clerkOf, controlOffice, storyOf, triesTooMuch, tyiyn, type Entry, type InitiativeEntry } from './story.js';

type Contract = Extract<InitiativeEntry, { type: 'MakeCommitment' }>;
type Payment = Extract<InitiativeEntry, { type: 'RecordSpending' }>;

/** The story of an initiative. If it still spends, its last payment is drawn from a contract, of which half of what is left stays open. */
export function contracted(plan: InitiativePlan): Entry[] {
  const story = storyOf(plan);
  const last = plan.fate === 'spending' && !triesTooMuch(plan) ? lastPayment(story) : undefined;
  const contract = last && contractFor(plan, story, last);
  if (!contract) return story;
  const drawn: Payment = { ...last, data: { ...last.data, commitmentId: contract.data.commitmentId } };
  return [...story.map((entry) => (entry === last ? drawn : entry)), contract];
}

function lastPayment(story: readonly Entry[]): Payment | undefined {
  const payments = story.filter((entry) => entry.type === 'RecordSpending');
  return payments.sort((one, other) => (one.enteredOn < other.enteredOn ? -1 : 1)).at(-1);
}

/** A contract that is made once all money is there, before its payment; `undefined` if there is no such day. */
function contractFor(
  { code: initiative, authority, years }: InitiativePlan,
  story: readonly Entry[],
  payment: Payment,
): Contract | undefined {
  const funded = latest(...story.filter(({ type }) => type === 'FundInitiative').map(({ enteredOn }) => enteredOn));
  const signedOn = workingDay(later(funded, 1));
  if (signedOn > payment.occurredOn) return undefined;
  const { payee = '', amount } = payment.data;
  return {
    type: 'MakeCommitment',
    initiative,
    actor: clerkOf(authority),
    occurredOn: signedOn,
    enteredOn: signedOn,
    data: {
      commitmentId: 'C-2024-1',
      supplier: payee,
      contract: `2024/${initiative}`,
      amount: amount + tyiyn(Math.floor(leftOf(years) / 2)),
      plannedEnd: '2024-12-20',
    },
    references: [{ type: 'contractSigned', id: `2024/${initiative}` }],
  };
}

/** Thousands of som that an initiative has left at the end of the demo. */
function leftOf(years: InitiativePlan['years']): number {
  return years.reduce((sum, { funded, spent, returned }) => sum + funded - spent - returned, 0);
}

/** Money goes from the running initiative that has most left to another authority's. */
export function transferred(plans: readonly InitiativePlan[]): Entry[] {
  const running = plans.filter(({ fate }) => fate === 'spending').sort((one, other) => leftOf(other.years) - leftOf(one.years));
  const [giver] = running;
  const taker = running.find(({ authority }) => authority !== giver?.authority);
  if (!giver || !taker) throw new Error('the plans have no two authorities that spend');
  return [
    {
      type: 'TransferFunding',
      initiative: giver.code,
      actor: budgetOffice,
      occurredOn: '2024-09-12',
      enteredOn: '2024-09-13',
      data: {
        transferId: 'X-2024-1',
        to: taker.code,
        fiscalYear: 2024,
        amount: tyiyn(Math.floor(leftOf(giver.years) / 4)),
        legalBasis: 'Order of the Ministry of Finance',
      },
    },
  ];
}

/** The versions of the programme before its approvals: its establishment, its appropriations, and the closings of all years but the last. */
const versionsBefore = 1 + appropriations.length + (appropriations.length - 1);

/** From the last week on, large funding needs a second person of finance: one request was returned, and one waits. */
export function requested(plans: readonly InitiativePlan[]): Entry[] {
  const [first, second] = plans.filter(({ fate }) => fate === 'spending');
  if (!first || !second) throw new Error('the plans have no two initiatives that spend');
  const on = (actor: Actor, day: IsoDate) => ({ actor, occurredOn: day, enteredOn: day });
  const fund = (initiative: string, day: IsoDate, thousands: number): Entry => ({
    type: 'FundInitiative',
    initiative,
    ...on(budgetOffice, day),
    data: { fundingId: 'F-2024-late', fiscalYear: 2024, amount: tyiyn(thousands), source: { kind: 'budget' } },
  });
  return [
    {
      type: 'AmendProgramme',
      ...on(cabinet, '2024-09-24'),
      data: { approvals: [{ command: 'FundInitiative', above: tyiyn(5_000), role: 'finance' }], reason: 'Two persons sign large funding' },
    },
    fund(first.code, '2024-09-25', 6_000),
    {
      type: 'ReturnRequest',
      ...on(controlOffice, '2024-09-26'),
      // The amendment is the version after those before, and the first submission the next.
      data: { requestId: `R-${versionsBefore + 2}`, reason: 'The contract is not signed yet' },
    },
    fund(second.code, '2024-09-27', 8_000),
  ];
}
