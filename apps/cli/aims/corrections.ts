/** Corrects the entries of a published row to the amounts of a later release. Amounts are minor units. */
import type { Command } from '../../../libs/domain/commands.js';
import type { FiscalYear, Money } from '../../../libs/domain/vocabulary.js';
import { money } from '../output.js';
import { derivedId, type HeldRow, type Part } from './holdings.js';
import { digest } from './names.js';
import { committedOn, framesFor, originOf, releaseInWords, spentOn, type PlanOptions } from './plan.js';
import type { Movement, Project } from './published.js';

export type Correction = { phase: 'spending-down' | 'funding-up' | 'as-published' | 'funding-down'; command: Command };

type Correcting = {
  /** The row's key and its entries in the ledger. */
  key: string;
  row: HeldRow;
  /** The row as published now; absent if it is no longer published. */
  movement: Movement | undefined;
  project: Project;
  /** The initiative has ended, so only finance may correct it. */
  ended: boolean;
};

/** One command for each entry to correct, year by year. */
export function corrections(correcting: Correcting, options: PlanOptions): Correction[] {
  const { key, row, movement } = correcting;
  const years = new Set([...row.parts.map(({ year }) => year), ...(movement ? [movement.year] : [])]);
  return [...years].sort().flatMap((year) => {
    const change = (movement?.year === year ? movement.amount : 0n) - heldIn(row, year);
    if (change === 0n) return [];
    const at: At = { ...correcting, year, reason: reasonOf(correcting, year, options) };
    return key.startsWith('commitment') ? correctFunding(at, change, options) : correctSpending(at, change, options);
  });
}

/** The amount of a row in the ledger, of one fiscal year or of all. */
export function heldIn({ parts }: Pick<HeldRow, 'parts'>, year?: FiscalYear): Money {
  return parts.reduce((sum, part) => (year === undefined || part.year === year ? sum + part.net : sum), 0n);
}

type At = Correcting & { year: FiscalYear; reason: string };

function reasonOf({ row, movement }: Correcting, year: FiscalYear, options: PlanOptions): string {
  const to = movement?.year === year ? movement.amount : 0n;
  const amounts = `${money(heldIn(row, year), options.digits)} of ${year} corrected to ${money(to, options.digits)}`;
  return `${releaseInWords(options)}: ${amounts}${movement ? `, ${originOf(movement)}` : ', no longer published'}`;
}

function correctFunding(at: At, change: Money, options: PlanOptions): Correction[] {
  const { key, row, year, project, reason } = at;
  const frame = framesFor(project, options);
  const day = committedOn(year);
  const id = derivedId(key, options.edition.number, year);
  const ofRow = [project.id, key, String(year), change.toString()];
  const fundings = row.parts.filter((part) => part.as === 'funding' && part.year === year);
  const adjust = (phase: Correction['phase'], by: Money, funding: Part): Correction => ({
    phase,
    command: {
      ...frame('AdjustFunding', 'finance', [...ofRow, funding.id], day),
      data: { adjustmentId: correctionId(at, funding, options), fundingId: funding.id, change: by, reason },
    },
  });
  if (change > 0n) {
    const [funding] = fundings;
    if (funding) return [adjust('funding-up', change, funding)];
    return [
      {
        phase: 'funding-up',
        command: { ...frame('FundInitiative', 'finance', ofRow, day), data: { fundingId: id, fiscalYear: year, amount: change } },
      },
    ];
  }
  const { shares, rest } = shared(-change, fundings);
  const named = shares.map(({ part, amount }) => adjust('funding-down', -amount, part));
  if (rest === 0n) return named;
  const unnamed: Command = { ...frame('AdjustFunding', 'finance', ofRow, day), data: { adjustmentId: id, change: -rest, reason } };
  return [...named, { phase: 'funding-down', command: unnamed }];
}

function correctSpending(at: At, change: Money, options: PlanOptions): Correction[] {
  const { key, row, year, project, reason, ended } = at;
  const frame = framesFor(project, options);
  const day = spentOn(year, options.today);
  const id = derivedId(key, options.edition.number, year);
  const ofRow = [project.id, key, String(year), change.toString()];
  if (change > 0n) {
    const data = { transactionId: id, amount: change, description: reason };
    return [{ phase: 'as-published', command: { ...frame('RecordSpending', 'authority', ofRow, day), data } }];
  }
  const side = ended ? 'finance' : 'authority';
  const transactions = row.parts.filter((part) => part.as === 'transaction' && part.year === year);
  const { shares, rest } = shared(-change, transactions);
  const named = shares.map(({ part, amount }): Correction => ({
    phase: 'spending-down',
    command: {
      ...frame('ReverseSpending', side, [...ofRow, part.id], day < part.occurredOn ? part.occurredOn : day),
      data: { reversalId: correctionId(at, part, options), transactionId: part.id, amount, reason },
    },
  }));
  if (rest === 0n) return named;
  const unnamed: Command = { ...frame('ReverseSpending', side, ofRow, day), data: { reversalId: id, amount: rest, reason } };
  return [...named, { phase: 'spending-down', command: unnamed }];
}

/** The id of the correction of one entry in this edition. */
function correctionId({ key, year }: At, part: Part, { edition }: PlanOptions): string {
  return `aims-${digest([key, part.id, String(year), String(edition.number)], 40)}`;
}

/** Divides an amount over entries, at most the net amount of each. */
function shared(amount: Money, parts: readonly Part[]): { shares: { part: Part; amount: Money }[]; rest: Money } {
  const shares: { part: Part; amount: Money }[] = [];
  let rest = amount;
  for (const part of parts) {
    const taken = part.net < rest ? part.net : rest;
    if (taken <= 0n) continue;
    shares.push({ part, amount: taken });
    rest -= taken;
  }
  return { shares, rest };
}
