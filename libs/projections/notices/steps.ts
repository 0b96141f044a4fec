/** The rise of a share: the record by which it reached each percentage. */
import { thresholdStep } from '../../domain/requests/approvals.js';
import type { IsoDate } from '../../domain/vocabulary.js';

/** The record that caused a notice: its position and day. */
export type Cause = { on: IsoDate; position: number };
/** The record by which a share rose above the step before, up to `percent`. */
export type Step = Cause & { percent: number };

/** A share in percent, rounded down to the steps of thresholds, from 0 to 100. */
export function percentOf(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  const percent = part >= whole ? 100 : Number((part * 100n) / whole);
  return percent - (percent % thresholdStep);
}

/** The steps after a record that left the share at `percent`; the same list if nothing changed. A step that it falls below has to be reached again. */
export function stepsAfter(before: readonly Step[], percent: number, cause: Cause): readonly Step[] {
  const reached = before.at(-1)?.percent ?? 0;
  if (percent === reached) return before;
  if (percent > reached) return [...before, { percent, ...cause }];
  const steps: Step[] = [];
  for (const step of before) {
    if ((steps.at(-1)?.percent ?? 0) >= percent) break;
    steps.push(step.percent > percent ? { ...step, percent } : step);
  }
  return steps;
}

/** The highest threshold that the steps reach, and the record by which they do; `undefined` if they reach none. */
export function highestReached(steps: readonly Step[], thresholds: readonly number[]): { percent: number; cause: Cause } | undefined {
  const percent = thresholds.findLast((threshold) => threshold <= (steps.at(-1)?.percent ?? 0));
  const step = percent === undefined ? undefined : steps.find((one) => one.percent >= percent);
  return percent === undefined || !step ? undefined : { percent, cause: { on: step.on, position: step.position } };
}
