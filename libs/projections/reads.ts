/** All reads of one generation's documents. Arguments and answers are plain data, so that they pass between threads. */
import { commitments } from './commitments/reads.js';
import { indicators, milestones, results } from './delivery/reads.js';
import { entries } from './entries/reads.js';
import { explanation } from './explain/reads.js';
import { initiatives, initiativeYears } from './initiatives/list.js';
import { history, initiative } from './initiatives/reads.js';
import { openNotices } from './notices/open-notices.js';
import { notices } from './notices/reads.js';
import { eventTexts, recordText } from './records/evidence-texts.js';
import { heads, records } from './records/reads.js';
import type { Source } from './source.js';
import { request, requests } from './requests/reads.js';
import { appropriations } from './totals/appropriations.js';
import { fiscalYear } from './totals/fiscal-year.js';
import { fiscalYears, groupsOf, programme, programmes } from './totals/reads.js';
import { series } from './totals/series.js';

/** Reads that take long enough to run in a thread other than the one that takes commands. */
export const reads = {
  heads,
  programmes,
  programme,
  fiscalYears,
  fiscalYear,
  appropriations,
  groupsOf,
  series,
  explanation,
  initiatives,
  initiativeYears,
  initiative,
  history,
  commitments,
  milestones,
  indicators,
  results,
  records,
  eventTexts,
  recordText,
  entries,
  notices,
  openNotices,
  requests,
  request,
};

export type ReadName = keyof typeof reads;
type AskedOf<F> = F extends (source: Source, ...asked: infer A) => unknown ? A : never;
export type ReadArguments = { [N in ReadName]: AskedOf<(typeof reads)[N]> };
export type ReadAnswers = { [N in ReadName]: Awaited<ReturnType<(typeof reads)[N]>> };

/** Makes the read of a name. */
export function readOne<N extends ReadName>(source: Source, name: N, asked: ReadArguments[N]): Promise<ReadAnswers[N]> {
  const by: { [M in ReadName]: (source: Source, ...asked: ReadArguments[M]) => Promise<ReadAnswers[M]> } = reads;
  return by[name](source, ...asked);
}
