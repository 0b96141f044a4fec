/** The commands of a large programme, for benchmarks. */
import type { Command } from '../libs/domain/commands.js';
import type { Actor } from '../libs/domain/vocabulary.js';

const year = new Date().getUTCFullYear();
const actors: Readonly<Record<'admin' | 'finance' | 'ministry', Actor>> = {
  admin: { id: 'a', organisation: 'cabinet', role: 'admin' },
  finance: { id: 'f', organisation: 'ministry-of-finance', role: 'finance' },
  ministry: { id: 'm', organisation: 'm', role: 'ministry' },
};

/** The shape of a programme: the number of its initiatives, and of all commands. */
export type ProgrammeShape = {
  programme?: string;
  initiatives: number;
  count: number;
  /** Whether each initiative has a contract, which its spending is drawn from. */
  drawn?: boolean;
};

/** Establishes a programme, proposes and funds initiatives, and then records spending, up to a total number of commands. */
export function* commandsOf({ programme = 'p', initiatives, count, drawn = false }: ProgrammeShape): Generator<Command> {
  let number = 0;
  const envelope = (actor: Actor) => ({ programme, commandId: `c-${number++}`, actor });
  const title = { en: 'Programme' };
  const commitmentId = 'C';
  yield {
    ...envelope(actors.admin),
    type: 'EstablishProgramme',
    data: { title, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual' },
  };
  for (let index = 0; index < initiatives; index++) {
    const initiative = `i-${index}`;
    yield { ...envelope(actors.ministry), type: 'ProposeInitiative', initiative, data: { title: { en: initiative }, authority: 'm' } };
    yield {
      ...envelope(actors.finance),
      type: 'FundInitiative',
      initiative,
      data: { fundingId: 'F', fiscalYear: year, amount: 99_999_999n },
    };
    if (drawn)
      yield {
        ...envelope(actors.ministry),
        type: 'MakeCommitment',
        initiative,
        data: { commitmentId, supplier: 'supplier', amount: 99_999_999n },
      };
  }
  for (; number < count;) {
    const transactionId = `T-${number}`;
    yield {
      ...envelope(actors.ministry),
      type: 'RecordSpending',
      initiative: `i-${number % initiatives}`,
      data: { transactionId, amount: 100n, ...(drawn && { commitmentId }) },
    };
  }
}
