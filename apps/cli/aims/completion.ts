import type { FiscalYear, Money } from '../../../libs/domain/vocabulary.js';
import { framesFor, type Movement, type PlanOptions, type ProjectPlan, type Step } from './plan.js';

type Year = { funded: Money; spent: Money };

/**
 * What finalises a completed project, once it is known which of its movements the ledger accepted: what is unspent goes back, newest year first and
 * of no year more than it was given, then finance signs off. `undefined` where it never got money: the ledger finalises nothing that was never funded.
 */
export function completionSteps(plan: ProjectPlan, accepted: readonly Movement[], options: PlanOptions): Step[] | undefined {
  if (plan.completedOn === undefined) return [];
  if (!accepted.some(({ kind, amount }) => kind === 'commitment' && amount > 0n)) return undefined;
  const day = plan.completedOn;
  const frame = framesFor(plan.initiative, plan.authority, options);
  const returns = unspentByYear(accepted).map(({ year, amount }): Step => ({
    command: {
      ...frame('ReturnFunds', 'authority', [plan.project, String(year), amount.toString()], day),
      data: { returnId: `completion-${year}`, fiscalYear: year, amount, reason: 'unspent when published as completed' },
    },
  }));
  return [
    { command: { ...frame('StartFinalizing', 'authority', [plan.project], day), data: {} } },
    ...returns,
    { command: { ...frame('FinalizeInitiative', 'finance', [plan.project], day), data: {} } },
  ];
}

/** What is neither spent nor returned of all years together, by the years whose money it is said to be. */
function unspentByYear(accepted: readonly Movement[]): { year: FiscalYear; amount: Money }[] {
  const years = new Map<FiscalYear, Year>();
  for (const { year, kind, amount } of accepted) {
    const { funded, spent } = years.get(year) ?? { funded: 0n, spent: 0n };
    years.set(year, kind === 'commitment' ? { funded: funded + amount, spent } : { funded, spent: spent + amount });
  }
  let rest = [...years.values()].reduce((sum, { funded, spent }) => sum + funded - spent, 0n);
  const returns: { year: FiscalYear; amount: Money }[] = [];
  for (const [year, { funded }] of [...years].sort(([one], [other]) => other - one)) {
    const amount = funded < rest ? funded : rest;
    if (amount <= 0n) continue;
    returns.push({ year, amount });
    rest -= amount;
  }
  return returns;
}
