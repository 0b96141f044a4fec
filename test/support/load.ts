/** Senders that keep asking with the same id until they are told what became of it, and what they were told. */
import { Client } from './client.js';
import { runLedger } from './ledger-process.js';
import { fundInitiative } from './programme.js';
import type { Distributed } from './services.js';

export type Acknowledged = Map<string, { position: number; hash: string }>;
export type Load = {
  /** What was acknowledged so far, by command id. */
  acknowledged: Acknowledged;
  /** Waits until so many more are acknowledged. */
  more(count: number): Promise<void>;
  /** Sends nothing new, and waits until everything sent is acknowledged. */
  stop(): Promise<void>;
};

/** Establishes the programmes and funds an initiative in each. */
export async function fund(distributed: Distributed, url: string, programmes: readonly string[]): Promise<void> {
  for (const programme of programmes) await fundInitiative(await distributed.clients(url), '999999999999', programme);
}

/** Records spending in programmes by turns, through whichever of the services answers. */
export async function startLoad(
  distributed: Distributed,
  urls: () => readonly string[],
  { programmes, senders = 16, patience = 90_000 }: { programmes: readonly string[]; senders?: number; patience?: number },
): Promise<Load> {
  const token = await distributed.token('ministry', 'ministry-of-justice');
  const acknowledged: Acknowledged = new Map();
  let stopping = false;
  let sent = 0;
  let told: () => void = () => undefined;
  const sender = async () => {
    while (!stopping) {
      const id = `c-${sent++}`;
      const programme = programmes[sent % programmes.length]!;
      const end = Date.now() + patience;
      for (let attempt = 0; ; attempt++) {
        const known = urls();
        const url = known[(sent + attempt) % known.length];
        const answer =
          url === undefined
            ? undefined
            : await new Client(url, token)
                .post(`/programmes/${programme}/initiatives/i/spending`, { transactionId: id, amount: '1' }, { 'idempotency-key': id })
                .catch(() => undefined);
        if (answer?.status === 201) {
          const receipt = { position: Number(answer.body['position']), hash: String(answer.body['hash']) };
          acknowledged.set(`${programme}/${id}`, receipt);
          told();
          break;
        }
        if (answer && answer.status !== 503) throw new Error(`${id} was answered ${answer.status}: ${answer.text}`);
        if (Date.now() > end) throw new Error(`${id} was not answered in ${patience} ms: ${answer?.text ?? 'no answer'}`);
        // An answer of 503 asks to come back; a service that is gone takes a moment to be replaced.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const sending = Promise.all(Array.from({ length: senders }, sender));
  const failed = sending.then(() => new Promise<never>(() => undefined));
  return {
    acknowledged,
    async more(count) {
      const wanted = acknowledged.size + count;
      while (acknowledged.size < wanted) await Promise.race([new Promise<void>((resolve) => (told = resolve)), failed]);
    },
    async stop() {
      stopping = true;
      await sending;
    },
  };
}

type RecordLine = { programme: string; position: number; type: string; version?: number; commandId: string };

/** Everything that must hold after any fault; throws naming what doesn't. */
export async function expectWhole(distributed: Distributed, acknowledged: Acknowledged): Promise<void> {
  const { stdout } = await runLedger(['export'], distributed.settings);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordLine);
  const positions = new Map<string, number>();
  const outcomes = new Map<string, number>();
  for (const { programme, position, commandId } of records) {
    if (position !== (positions.get(programme) ?? 0) + 1)
      throw new Error(`${programme} has position ${position} after ${String(positions.get(programme))}`);
    positions.set(programme, position);
    const key = `${programme}/${commandId}`;
    if (outcomes.has(key)) throw new Error(`${key} is recorded twice, at ${String(outcomes.get(key))} and ${position}`);
    outcomes.set(key, position);
  }
  for (const [key, { position }] of acknowledged)
    if (outcomes.get(key) !== position) throw new Error(`${key} was acknowledged at ${position}, and is at ${String(outcomes.get(key))}`);
  for (let attempt = 1; ; attempt++) {
    const verified = await runLedger(['verify', '--json'], distributed.settings);
    if (verified.code === 0) return;
    if (attempt === 5) throw new Error(`verify: ${verified.stdout}${verified.stderr}`);
  }
}
