/** The account an import ends with: what was published, what of it the ledger took and refused, and whether that is the same. */
import type { Money } from '../../../libs/domain/vocabulary.js';
import type { Movement, Note, ProjectPlan } from './plan.js';
import type { Answer } from './target.js';

export type Count = { count: number; sum: Money };
export type Account = { published: Money; accepted: Count; refused: Count };
/** Accepted and refused don't make up what was published, beyond what rounding explains. */
export type Mismatch = { project: string; kind: Movement['kind']; published: Money; imported: Money };

export type ImportReport = {
  programme: string;
  currency: string;
  projects: number;
  /** Commands sent now, and those that earlier imports had sent. */
  sent: number;
  recordedBefore: number;
  commitments: Account;
  disbursements: Account;
  /** Refused movements by the ledger's code, in the order met. */
  refusals: ({ code: string } & Count)[];
  /** Refused commands that move no published money: proposals, suspensions, what belongs to a completion. */
  otherRefusals: { project: string; command: string; code: string; detail: string }[];
  notes: Note[];
  mismatches: Mismatch[];
};

/** One project with what became of its commands, by command id. */
export type Imported = { plan: ProjectPlan; completion: readonly { command: { commandId: string; type: string } }[] };

/** Draws up the account. Every step has its answer by then. */
export function accountOf(
  imported: readonly Imported[],
  answers: ReadonlyMap<string, Answer>,
): Omit<ImportReport, 'programme' | 'currency' | 'sent' | 'recordedBefore'> {
  const refusals = new Map<string, Count>();
  const otherRefusals: ImportReport['otherRefusals'] = [];
  const accounts = { commitment: emptyAccount(), disbursement: emptyAccount() };
  const mismatches: Mismatch[] = [];
  for (const { plan, completion } of imported) {
    const ofProject = { commitment: 0n, disbursement: 0n };
    for (const { command, movement } of [...plan.steps, ...completion.map(({ command }) => ({ command, movement: undefined }))]) {
      const answer = answers.get(command.commandId);
      if (!answer) throw new Error(`the command ${command.commandId} has no answer`);
      if (!movement) {
        if (!answer.accepted)
          otherRefusals.push({ project: plan.project, command: command.type, code: answer.code, detail: answer.detail });
        continue;
      }
      const account = accounts[movement.kind];
      add(answer.accepted ? account.accepted : account.refused, movement.amount);
      if (!answer.accepted) add(countOf(refusals, answer.code), movement.amount);
      ofProject[movement.kind] += movement.amount;
    }
    for (const [kind, published] of publishedOf(plan)) {
      accounts[kind].published += published ?? ofProject[kind];
      if (published !== undefined && !isRounding(published - ofProject[kind], plan))
        mismatches.push({ project: plan.project, kind, published, imported: ofProject[kind] });
    }
  }
  return {
    projects: imported.length,
    commitments: accounts.commitment,
    disbursements: accounts.disbursement,
    refusals: [...refusals].map(([code, count]) => ({ code, ...count })),
    otherRefusals,
    notes: imported.flatMap(({ plan }) => plan.notes),
    mismatches,
  };
}

const publishedOf = ({ published }: ProjectPlan): [Movement['kind'], Money | undefined][] => [
  ['commitment', published.commitments],
  ['disbursement', published.disbursements],
];

/** Each rounded row, and the rounded total, may be off by half a minor unit. */
function isRounding(difference: Money, { notes }: ProjectPlan): boolean {
  const rounded = BigInt(notes.filter(({ kind }) => kind === 'rounded').length);
  return (difference < 0n ? -difference : difference) * 2n <= (rounded === 0n ? 0n : rounded + 1n);
}

function emptyAccount(): Account {
  return { published: 0n, accepted: { count: 0, sum: 0n }, refused: { count: 0, sum: 0n } };
}
function countOf(counts: Map<string, Count>, code: string): Count {
  const count = counts.get(code) ?? { count: 0, sum: 0n };
  counts.set(code, count);
  return count;
}
function add(count: Count, amount: Money): void {
  count.count++;
  count.sum += amount;
}
