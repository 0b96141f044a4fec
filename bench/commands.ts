/** The commands of a large programme, for benchmarks. */
import type { Command } from '../libs/domain/commands.js';
import type { Actor } from '../libs/domain/vocabulary.js';

const year = new Date().getUTCFullYear();
const actors: Readonly<Record<'admin' | 'finance' | 'ministry', Actor>> = {
  admin: { id: 'a', organisation: 'cabinet', role: 'admin' },
  finance: { id: 'f', organisation: 'ministry-of-finance', role: 'finance' },
  ministry: { id: 'm', organisation: 'm', role: 'ministry' },
};

/** Establishes a programme, proposes and funds initiatives, and then records spending, up to a total number of commands. */
export function* commandsOf({
  programme = 'p',
  initiatives,
  count,
}: {
  programme?: string;
  initiatives: number;
  count: number;
}): Generator<Command> {
  let number = 0;
  const envelope = (actor: Actor) => ({ programme, commandId: `c-${number++}`, actor });
  const title = { en: 'Programme' };
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
  }
  for (; number < count;) {
    const transactionId = `T-${number}`;
    yield {
      ...envelope(actors.ministry),
      type: 'RecordSpending',
      initiative: `i-${number % initiatives}`,
      data: { transactionId, amount: 100n },
    };
  }
}
