/** Reads one row of `projects.csv`. */
import { isIsoDate } from '../../../libs/domain/calendar.js';
import type { IsoDate, Money } from '../../../libs/domain/vocabulary.js';
import { longestTitle } from '../../../libs/http/fields.js';
import { parseDecimal, toMinorUnits } from './decimal.js';
import { faultAt, quoted, type Fault } from './fault.js';
import type { Row } from './files.js';
import { authorityCode } from './names.js';
import { committedOn, spentOn, type PlanOptions } from './plan.js';
import type { Movement, Project, TakeNote } from './published.js';

const fallbackDonor = 'Unknown donor';
/** No project began before the first fiscal year that the ledger can keep. */
const earliest = '1900-01-01';

/** The project of a row, with the movements of its transactions, and the faults of the row. */
export function readProject(
  row: Row,
  initiative: string,
  movements: Movement[],
  options: PlanOptions,
  note: TakeNote,
): { faults: Fault[]; project: Project } {
  const faults = [...row.faults];
  const wrong = (column: string, what: string, right: string) => {
    if (!faults.some((fault) => fault.column === column)) faults.push(faultAt(row, column, `${quoted(row.cell(column))} ${what}`, right));
  };
  const id = row.cell('project_id');
  if (id === '') wrong('project_id', 'is no project id', 'an id');
  if (row.cell('project_title').length > longestTitle) wrong('project_title', 'is too long', `at most ${longestTitle} characters`);
  const start = row.cell('start_actual_isodate');
  if (start !== '' && (!isIsoDate(start) || start < earliest))
    wrong('start_actual_isodate', 'is no day a project began', `a day from ${earliest} that exists, written YYYY-MM-DD, or nothing`);
  const totalIn = (column: string): Money | undefined => {
    const text = row.cell(column);
    const value = parseDecimal(text);
    if (!value && text !== '') wrong(column, 'is no amount', 'a decimal number such as 1234.56, or nothing');
    return value && toMinorUnits(value, options.digits).amount;
  };
  const commitments = totalIn('total_commitments');
  const disbursements = totalIn('total_disbursements');
  const authorityName = firstDonor(row.cell('donors'), note);
  const project: Project = {
    line: row.line,
    id,
    initiative,
    title: row.cell('project_title'),
    authority: authorityCode(authorityName),
    authorityName,
    proposedOn: proposedOn(start, movements, options, note),
    status: row.cell('status'),
    totals: { ...(commitments !== undefined && { commitments }), ...(disbursements !== undefined && { disbursements }) },
    movements,
  };
  return { faults, project };
}

/** The published start, never after the first movement; without either, the day of the published status. */
function proposedOn(start: string, movements: readonly Movement[], { today, asOf }: PlanOptions, note: TakeNote): IsoDate {
  const days = movements.map(({ year, letter }) => (letter === 'C' ? committedOn(year) : spentOn(year, today))).sort();
  const [first] = days;
  const given = start !== '' ? start : first === undefined ? asOf : committedOn(Number(first.slice(0, 4)));
  const day = first !== undefined && first < given ? first : given;
  if (day <= today) return day;
  note('start-replaced', `${day} is in the future; it is proposed on ${asOf}`);
  return asOf;
}

function firstDonor(donors: string, note: TakeNote): string {
  const donor = donors
    .split('|')
    .map((name) => name.trim())
    .find((name) => name !== '');
  if (donor === undefined) note('no-donor', `run by ${fallbackDonor} in the ledger`);
  return donor ?? fallbackDonor;
}
