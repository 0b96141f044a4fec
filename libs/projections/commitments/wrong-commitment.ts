import { openCommitment } from '../../domain/commitments/open.js';
import { effectsOf } from '../../domain/effects.js';
import { least, yearOf } from '../../domain/money/available.js';
import type { Initiative, Movement, Programme } from '../../domain/state.js';
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';

/** What is wrong with the commitment that an event changes, draws from or gives back to. */
export function wrongCommitment(
  event: EventRecord,
  { programme, initiative }: { programme: Programme | undefined; initiative: Initiative | undefined },
  { origin, commitment: drawnFrom }: { origin?: Movement | undefined; commitment?: Movement | undefined },
): string | undefined {
  if (event.type === 'FundsCarriedOver') return wrongCarryOver(event, programme) ?? wrongCarriedCommitments(event, initiative);
  if (event.type === 'FundingTransferred') return programme && closedYear(programme, event.context.fiscalYear);
  const { commitment: changed } = effectsOf(event);
  if (event.type === 'SpendingRecorded' && changed?.id !== event.data.commitmentId)
    return `it is drawn from ${changed?.id ?? 'no commitment'}, and names ${event.data.commitmentId ?? 'none'}`;
  if (!changed || !initiative || event.type === 'CommitmentMade') return undefined;
  const known = event.type === 'SpendingReversed' ? drawnFrom : origin;
  if (event.type === 'SpendingReversed' && known?.id !== changed.id)
    return `it gives back to the commitment ${changed.id}, from which nothing was drawn`;
  if (known?.released) return `it refers to the commitment ${changed.id}, which was released`;
  const open = openCommitment(initiative, changed.id);
  const left = open?.left ?? 0n;
  if (event.type === 'CommitmentReleased' && event.data.amount !== left)
    return `it releases ${event.data.amount} of the commitment ${changed.id}, and ${left} is open`;
  const fiscalYear = open?.fiscalYear ?? known?.fiscalYear;
  return fiscalYear !== undefined && fiscalYear !== changed.fiscalYear
    ? `it says that the commitment ${changed.id} is of ${changed.fiscalYear}, and it is of ${fiscalYear}`
    : undefined;
}

/** What is wrong with a carry-over: both its years are open years of annual money, and as much of the appropriation goes along as there is. */
function wrongCarryOver(
  { data, context }: EventRecord & { type: 'FundsCarriedOver' },
  programme: Programme | undefined,
): string | undefined {
  if (!programme) return undefined;
  const { fiscalYear, appropriated } = context;
  if (programme.years === 'multi-year') return `it carries money over, and the money of ${programme.code} is spent in any year`;
  const covered = least(data.amount, yearOf(programme, fiscalYear).appropriated ?? 0n);
  return (
    closedYear(programme, fiscalYear) ??
    closedYear(programme, fiscalYear + 1) ??
    (appropriated === covered ? undefined : `it says that ${appropriated} of the appropriation goes along, and ${covered} does`)
  );
}

function closedYear(programme: Programme, fiscalYear: FiscalYear): string | undefined {
  return yearOf(programme, fiscalYear).closed ? `it moves money of ${fiscalYear}, which is closed` : undefined;
}

/** What is wrong with the commitments that a carry-over takes along: each is open in its year, and together they have the stated amount. */
function wrongCarriedCommitments(
  { occurredOn, context }: EventRecord & { type: 'FundsCarriedOver' },
  initiative: Initiative | undefined,
): string | undefined {
  const { fiscalYear, commitments = [], committed = 0n } = context;
  if (!initiative) return undefined;
  let left = 0n;
  for (const id of commitments) {
    const open = openCommitment(initiative, id);
    if (open?.fiscalYear !== fiscalYear) return `it carries over the commitment ${id}, which is not open in ${fiscalYear}`;
    if (occurredOn < open.on) return `it is dated ${occurredOn}, before the commitment ${id}, which it carries over`;
    left += open.left;
  }
  return left === committed ? undefined : `it says that ${committed} is committed, and its commitments have ${left}`;
}
