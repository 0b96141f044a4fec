/** The commands of a large programme whose initiatives differ in all that lists filter and sort by, for benchmarks. */
import type { Command } from '../libs/domain/commands.js';
import type { Actor } from '../libs/domain/vocabulary.js';

/** The first of the five years in which initiatives begin; the last is this one. */
export const firstYear = new Date().getUTCFullYear() - 4;
const admin: Actor = { id: 'a', organisation: 'cabinet', role: 'admin' };
const finance: Actor = { id: 'f', organisation: 'ministry-of-finance', role: 'finance' };
const ministry = (organisation: string): Actor => ({ id: organisation, organisation, role: 'ministry' });
const dayOf = (year: number, day: number) => new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10);

/**
 * Establishes a programme and proposes its initiatives, the running ones first. Most others are finalized, as in the founding case; amounts, authorities, regions
 * and sectors spread by the number of the initiative. The first hundredth stays under way with money left for a benchmark's own commands.
 */
export function* variedCommandsOf(initiatives: number): Generator<Command> {
  let number = 0;
  const envelope = (actor: Actor) => ({ programme: 'p', commandId: `c-${number++}`, actor });
  const title = { en: 'Programme', ky: 'Программа' };
  const terms = { currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual' } as const;
  yield { ...envelope(admin), occurredOn: dayOf(firstYear, 0), type: 'EstablishProgramme', data: { title, ...terms } };
  for (let index = 0; index < initiatives; index++) yield* lifeOf(index, initiatives, envelope);
}

function* lifeOf(
  index: number,
  initiatives: number,
  envelope: (actor: Actor) => { programme: string; commandId: string; actor: Actor },
): Generator<Command> {
  const initiative = `i-${index}`;
  const isRunning = index < initiatives / 100;
  // A third of all belong to one authority; the others to a hundred.
  const authority = isRunning || index % 3 === 0 ? 'm' : `m-${index % 100}`;
  const actor = ministry(authority);
  const year = isRunning ? firstYear + 4 : firstYear + Math.floor((5 * index) / initiatives);
  const begins = (index * 31) % 200;
  const occurredOn = dayOf(year, Math.min(begins, 10));
  const amount = isRunning ? 9_999_999_999n : BigInt(1_000 + ((index * 7_919) % 1_000_003));
  yield {
    ...envelope(actor),
    occurredOn,
    type: 'ProposeInitiative',
    initiative,
    data: {
      title: { en: `Initiative ${index}`, ky: `Демилге ${index}` },
      authority,
      region: `r-${index % 9}`,
      sector: `0${1 + (index % 9)}`,
      requestedAmount: amount,
      plannedStart: dayOf(year, begins),
      plannedEnd: dayOf(year, begins + 200),
    },
  };
  if (!isRunning && index % 20 === 1) return;
  yield { ...envelope(finance), occurredOn, type: 'FundInitiative', initiative, data: { fundingId: 'F', fiscalYear: year, amount } };
  if (isRunning || index % 20 === 2) return;
  const isWhole = index % 10 >= 3;
  const spent = isWhole ? amount : (amount * BigInt(1 + (index % 9))) / 10n;
  yield { ...envelope(actor), occurredOn, type: 'RecordSpending', initiative, data: { transactionId: 'T', amount: spent } };
  if (index % 50 === 3) yield { ...envelope(finance), occurredOn, type: 'SuspendInitiative', initiative, data: { reason: 'audit' } };
  if (!isWhole || index % 50 === 3) return;
  yield { ...envelope(actor), occurredOn, type: 'StartFinalizing', initiative, data: {} };
  if (index % 10 > 3) yield { ...envelope(finance), occurredOn, type: 'FinalizeInitiative', initiative, data: {} };
}
