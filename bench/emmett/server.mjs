/**
 * The journey of an initiative on Emmett and its SQLite event store, with command handlers as in Emmett's documentation: read and fold the stream,
 * decide, and append with the version that was read. Every commit is synced (WAL, `synchronous=FULL`, SQLite's default and the ledger's). It checks no
 * token and remembers no command id. Commands run one after another: of concurrent ones, the first to end closes the connection of the others
 * (`SQLITE_MISUSE`, version 0.38.5).
 */
import { CommandHandler } from '@event-driven-io/emmett';
import { getSQLiteEventStore, readMessagesBatch, sqliteConnection } from '@event-driven-io/emmett-sqlite';
import Fastify from 'fastify';

const [fileName] = process.argv.slice(2);
const store = getSQLiteEventStore({ fileName });

const initialState = () => ({ status: 'unknown', funded: 0n, spent: 0n });
function evolve(state, { type, data }) {
  switch (type) {
    case 'InitiativeProposed':
      return { ...state, status: 'proposed' };
    case 'InitiativeFunded':
      return { ...state, status: 'funded', funded: state.funded + BigInt(data.amount) };
    case 'SpendingRecorded':
      return { ...state, status: 'spending', spent: state.spent + BigInt(data.amount) };
    default:
      return state;
  }
}
const handle = CommandHandler({ evolve, initialState });

class Refused extends Error {}
const decisions = {
  propose: (data) => (state) => {
    if (state.status !== 'unknown') throw new Refused('the initiative exists');
    return { type: 'InitiativeProposed', data };
  },
  fund: (data) => (state) => {
    if (state.status === 'unknown') throw new Refused('there is no such initiative');
    return { type: 'InitiativeFunded', data };
  },
  spend: (data) => (state) => {
    if (state.spent + BigInt(data.amount) > state.funded) throw new Refused('more than is left');
    return { type: 'SpendingRecorded', data };
  },
};

let turn = Promise.resolve();
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}

const server = Fastify();
server.setErrorHandler((error, _request, reply) => reply.code(error instanceof Refused ? 409 : 500).send({ detail: error.message }));
/** Tries again if the commit met a connection that was still being set up (`SQLITE_BUSY`): nothing was recorded then. */
async function settled(work) {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (error.code !== 'SQLITE_BUSY') throw error;
    }
}
async function command(reply, initiative, decide) {
  const { nextExpectedStreamVersion } = await inTurn(() => settled(() => handle(store, `initiative-${initiative}`, decide)));
  return reply.code(201).send({ initiative, version: Number(nextExpectedStreamVersion) });
}
server.put('/programmes/:programme', (_request, reply) => reply.code(201).send({}));
server.post('/programmes/:programme/initiatives', ({ body }, reply) => command(reply, body.initiative, decisions.propose(body)));
server.post('/programmes/:programme/initiatives/:initiative/funding', ({ params, body }, reply) =>
  command(reply, params.initiative, decisions.fund(body)),
);
server.post('/programmes/:programme/initiatives/:initiative/spending', ({ params, body }, reply) =>
  command(reply, params.initiative, decisions.spend(body)),
);
/** The transaction ids of all recorded spending, in order. */
server.get('/transactions', async () => {
  const connection = sqliteConnection({ fileName });
  try {
    const { messages } = await readMessagesBatch(connection, { after: 0n, batchSize: 10_000_000 });
    return messages.flatMap(({ data }) => (data.transactionId === undefined ? [] : [data.transactionId]));
  } finally {
    connection.close();
  }
});
await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address();
process.stdout.write(`http://127.0.0.1:${port}\n`);
