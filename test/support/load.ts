/** Senders that repeat commands with the same id until they get an outcome, their outcomes, and checks of everything that must hold after any fault. */
import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { KafkaConnection, kafkaAddressIn } from '../../libs/kafka-client/connection.js';
import { KafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { start, type CommandRef, type Entry, type EventLog } from '../../libs/event-log/ports.js';
import { decodeRecord, hashOf } from '../../libs/event-log/record.js';
import { digestReadModels } from '../../libs/projections/digest-read-models.js';
import { build } from '../../libs/projections/runner.js';
import { openMongoReadModels } from '../../libs/read-models/mongodb/mongo-read-models.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import { openSqliteReadModels } from '../../libs/read-models/sqlite/sqlite-read-models.js';
import { Client } from './client.js';
import { runLedger, temporaryFolder, until } from './ledger-process.js';
import { fundInitiative } from './programme.js';
import type { Distributed } from './services.js';

const sender = 'ministry-of-justice';
const funded = '999999999999';
/** One in this many commands spends more than there is, and is refused. */
const everyRefused = 3;

/** The acknowledged outcomes, by programme, organisation and command id: the record's position, and whether it is a refusal. */
export type Acknowledged = Map<string, { position: number; hash: string; refused: boolean }>;
export type Load = {
  /** The outcomes acknowledged so far, refusals included. */
  acknowledged: Acknowledged;
  /** Waits until `count` further outcomes are acknowledged. */
  more(count: number): Promise<void>;
  /** Sends nothing new, and waits until everything sent is acknowledged. */
  stop(): Promise<void>;
};

/** Establishes the programmes and funds an initiative in each. */
export async function fund(distributed: Distributed, url: string, programmes: readonly string[]): Promise<void> {
  for (const programme of programmes) await fundInitiative(await distributed.clients(url), funded, programme);
}

/** Records spending in programmes by turns, some of it more than there is, through any service that answers. */
export async function startLoad(
  distributed: Distributed,
  urls: () => readonly string[],
  { programmes, senders = 16, patience = 90_000 }: { programmes: readonly string[]; senders?: number; patience?: number },
): Promise<Load> {
  const token = await distributed.token('ministry', sender);
  const acknowledged: Acknowledged = new Map();
  let stopping = false;
  let sent = 0;
  let told: () => void = () => undefined;
  const send = async () => {
    while (!stopping) {
      const number = sent++;
      const id = `c-${number}`;
      const programme = programmes[number % programmes.length]!;
      const refused = number % everyRefused === 0;
      const spending = { transactionId: id, amount: refused ? `${funded}0` : '1' };
      const end = Date.now() + patience;
      for (let attempt = 0; ; attempt++) {
        const known = urls();
        const url = known[(number + attempt) % known.length];
        const answer =
          url === undefined
            ? undefined
            : await new Client(url, token)
                .post(`/programmes/${programme}/initiatives/i/spending`, spending, { 'idempotency-key': id })
                .catch(() => undefined);
        if (answer?.status === (refused ? 409 : 201)) {
          acknowledged.set(`${programme}/${sender}/${id}`, {
            position: Number(answer.body['position']),
            hash: String(answer.body['hash']),
            refused,
          });
          told();
          break;
        }
        if (answer && answer.status !== 503) throw new Error(`${id} was answered ${answer.status}: ${answer.text}`);
        if (Date.now() > end) throw new Error(`${id} was not answered in ${patience} ms: ${answer?.text ?? 'no answer'}`);
        // After a 503, or while a dead service is replaced, sending at once would take processor time from the brokers and services that must
        // recover.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const sending = Promise.all(Array.from({ length: senders }, send));
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

type Head = { programme: string; position: number; hash: string; readModels: string };

/** Checks everything that must hold after any fault, with projections running. @throws naming what does not hold */
export async function expectWhole(distributed: Distributed, acknowledged: Acknowledged): Promise<void> {
  const heads = await expectWholeIn(distributed, acknowledged, partitionsOf(distributed));
  const { code, stdout, stderr } = await runLedger(['verify', '--json'], distributed.settings);
  if (code !== 0) throw new Error(`verify: ${stdout}${stderr}`);
  const verdict = JSON.parse(stdout) as { sound: boolean; documents?: number; heads: Head[] };
  deepStrictEqual({ sound: verdict.sound, heads: verdict.heads.sort(byProgramme) }, { sound: true, heads });
  if (!(Number(verdict.documents) > 0)) throw new Error(`verify compared no documents: ${stdout}`);
}

/**
 * The same for some partitions only, if another has stopped: every command in their inbox was decided once and in order, every acknowledged command is
 * recorded as acknowledged, and their documents equal a fresh fold. @returns their programmes' heads
 */
export async function expectWholeIn(distributed: Distributed, acknowledged: Acknowledged, partitions: readonly number[]): Promise<Head[]> {
  const { EVENT_LOG = '', READ_MODELS = '' } = distributed.settings;
  const connection = new KafkaConnection({ ...kafkaAddressIn(EVENT_LOG), clientId: 'test' });
  const log = new KafkaEventLog(connection, partitionsOf(distributed).length);
  const models = openMongoReadModels(READ_MODELS);
  try {
    const history = new History();
    for (const partition of partitions) for await (const entries of log.read(partition, start)) history.add(partition, entries);
    history.expectToHold(acknowledged);
    const [kept, folded] = [await digestsAtTheEnd(log, models, partitions), await digestsOfFreshFold(log, partitions)];
    return [...history.heads]
      .map(([programme, head]) => {
        const [here, fresh] = [kept.get(programme), folded.get(programme)];
        if (here === undefined || here !== fresh)
          throw new Error(`the documents of ${programme} are ${String(here)}, and a fresh fold’s ${String(fresh)}`);
        return { programme, ...head, readModels: here };
      })
      .sort(byProgramme);
  } finally {
    await models.close();
    await log.close();
  }
}

const partitionsOf = ({ settings }: Distributed) =>
  Array.from({ length: Number(settings['KAFKA_PARTITIONS']) }, (_, partition) => partition);
const byProgramme = (one: Head, other: Head) => (one.programme < other.programme ? -1 : 1);

/** The content of the log, entry by entry in its order. */
class History {
  readonly heads = new Map<string, { position: number; hash: string }>();
  private readonly versions = new Map<string, number>();
  private readonly decided = new Map<number, CommandRef>();
  private readonly recorded = new Map<string, { position: number; hash: string; refused: boolean; offset: number }>();

  add(partition: number, entries: readonly Entry[]): void {
    for (const { kind, bytes, command } of entries) {
      if (!command) throw new Error(`an entry of partition ${partition} names no command`);
      this.addDecision(partition, command);
      if (kind === 'record') this.addRecord(bytes, command);
    }
  }

  expectToHold(acknowledged: Acknowledged): void {
    for (const [key, told] of acknowledged) {
      const recorded = this.recorded.get(key);
      if (!recorded) throw new Error(`${key} was acknowledged at ${told.position}, and is not recorded`);
      const { position, hash, refused } = recorded;
      deepStrictEqual({ position, hash, refused }, told, key);
    }
  }

  /** The owners of the partition decided the commands of its inbox in order, each exactly once. */
  private addDecision(partition: number, command: CommandRef): void {
    const before = this.decided.get(partition);
    const isWhole = before === undefined || before.index === before.count - 1;
    const expected = isWhole ? { offset: (before?.offset ?? start) + 1, index: 0 } : { offset: before.offset, index: before.index + 1 };
    deepStrictEqual(
      { offset: command.offset, index: command.index },
      expected,
      `${command.id} in partition ${partition}: ${JSON.stringify(command)}`,
    );
    this.decided.set(partition, command);
  }

  private addRecord(bytes: Uint8Array, { organisation, id, offset }: CommandRef): void {
    const { programme, position, initiative, version, type, commandId, previousHash } = decodeRecord(bytes);
    const head = this.heads.get(programme);
    deepStrictEqual(
      { position, previousHash },
      { position: (head?.position ?? 0) + 1, previousHash: head?.hash ?? '0'.repeat(64) },
      programme,
    );
    const hash = hashOf(bytes);
    this.heads.set(programme, { position, hash });
    if (version !== undefined) {
      const stream = `${programme}/${initiative ?? ''}`;
      deepStrictEqual(version, (this.versions.get(stream) ?? 0) + 1, stream);
      this.versions.set(stream, version);
    }
    const key = `${programme}/${organisation}/${id}`;
    deepStrictEqual(commandId, id, key);
    const earlier = this.recorded.get(key);
    // A command may make several records, all with its own offset in the inbox.
    if (earlier && earlier.offset !== offset) throw new Error(`${key} is recorded twice, at ${earlier.position} and ${position}`);
    this.recorded.set(key, { position, hash, refused: type === 'CommandRefused', offset });
  }
}

/** Digests of the read models, once they are folded to the current end of the log. */
async function digestsAtTheEnd(log: EventLog, models: ReadModels, partitions: readonly number[]): Promise<Map<string, string>> {
  const ends = new Map(await Promise.all(partitions.map(async (partition) => [partition, await log.end(partition)] as const)));
  let serving: string | undefined;
  await until('the log is folded to its end', async () => {
    serving = await models.serving();
    const checkpoint = serving === undefined ? undefined : await models.checkpoint(serving);
    return serving !== undefined && [...ends].every(([partition, end]) => (checkpoint?.[partition] ?? start) >= end);
  });
  return digestReadModels(models, serving ?? '');
}

async function digestsOfFreshFold(log: EventLog, partitions: readonly number[]): Promise<Map<string, string>> {
  const folder = await temporaryFolder();
  const fresh = openSqliteReadModels(join(folder.path, 'fresh.sqlite'), 'write');
  try {
    for (const partition of partitions) await build({ log, partition, models: fresh, generation: 'fresh' }, new AbortController().signal);
    return await digestReadModels(fresh, 'fresh');
  } finally {
    await fresh.close();
    await folder.remove();
  }
}
