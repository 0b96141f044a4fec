/** The HTTP interface over the memory adapters, with tokens signed by a key made for the test. */
import { generateKeyPairSync } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters, type JWTPayload } from 'jose';
import pino from 'pino';
import type { EventLog } from '../../event-log/ports.js';
import { openTestLedger, type TestLedger } from '../../command-processing/testing/ledger.js';
import { countedNotices } from '../../application/counted-notices.js';
import { Proof } from '../../application/proof.js';
import { Reading } from '../../application/reading.js';
import { runProjections } from '../../projections/runner.js';
import { MemoryCosignedHeads } from '../../proof/memory/memory-cosigned-heads.js';
import { MemorySignedHeads } from '../../proof/memory/memory-signed-heads.js';
import { MemoryTrees } from '../../proof/memory/memory-trees.js';
import { publicKeyOf, verifierLine } from '../../proof/notes/signed-note.js';
import { nameOfKey, type CosignedHeads } from '../../proof/ports.js';
import { runProof } from '../../proof/run-proof.js';
import type { Statements } from '../../proof/statements/ports.js';
import { openSqliteStatements } from '../../proof/sqlite/sqlite-statements.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { Role } from '../../domain/vocabulary.js';
import { createApplication } from '../application.js';
import { LedgerMetrics } from '../metrics.js';
import type { Dependencies } from '../dependencies.js';
import { redactTokens } from '../redact-tokens.js';
import { TokenVerifier } from '../tokens.js';
import { tokensIn } from './logged-tokens.js';

export type Answer = { status: number; headers: Record<string, unknown>; text: string; json: Record<string, unknown> };
type Sending = { token?: string; body?: unknown; headers?: Record<string, string> };

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;
type Method = (typeof methods)[number];
export type Route = { method: Method; path: string };

export type TestApplication = {
  application: NestFastifyApplication;
  /** Every route of the server, including those that frameworks add. */
  routes: Route[];
  ledger: TestLedger;
  publicKey: CryptoKey;
  privateKey: CryptoKey;
  /** The line of the key that signs a programme’s checkpoints. */
  checkpointKey(programme: string): string;
  /** The store of statements. */
  statements: Statements;
  /** The store of cosigned heads. */
  cosigned: CosignedHeads;
  /** The lines of the log. */
  logged: string[];
  /** Every token that was signed or sent, accepted or not. */
  tokens: Set<string>;
  token(role: Role, organisation: string, sub?: string): Promise<string>;
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>, key?: CryptoKey | Uint8Array): Promise<string>;
  send(method: Method, path: string, sending?: Sending): Promise<Answer>;
  /** Sends a path over a socket exactly as it is written; gives the status. */
  sendRaw(method: string, path: string, token?: string): Promise<number>;
  /** @throws {Error} the log holds a token, or a part of one */
  close(): Promise<void>;
};

/** @throws {Error} nobody here sends such requests */
function methodIn(text: string): Method {
  const found = methods.find((method) => method === text);
  if (!found) throw new Error(`a route takes ${text}`);
  return found;
}

/** The channel on which Fastify announces a new server, before anything is added to it. */
const serverMade = 'fastify.initialization';
const hasServer = (message: unknown): message is { fastify: FastifyInstance } =>
  typeof message === 'object' && message !== null && 'fastify' in message;

export const testLimits: Dependencies['limits'] = {
  body: 65_536,
  batchBody: 16_777_216,
  rate: { withoutToken: 1_000_000, withToken: 1_000_000 },
  trustedProxies: [],
  requestTimeout: 30_000,
  connections: 4_096,
  bodiesInFlight: 134_217_728,
  answersInFlight: 134_217_728,
};

export const goodClaims = { sub: 'u-1', org: 'ministry-of-justice', role: 'ministry', iss: 'issuer', aud: 'ledger' };

export async function openTestApplication(
  more: Partial<
    Pick<
      Dependencies,
      'limits' | 'pages' | 'pageProviders' | 'pageOfProblem' | 'publicReading' | 'corsOrigins' | 'newCommandId' | 'tokens' | 'proof'
    >
  > = {},
  models = new MemoryReadModels(),
): Promise<TestApplication> {
  const ledger = await openTestLedger();
  const stop = new AbortController();
  const folding = runProjections({ log: ledger.log, partition: 0, models, generation: 'g' }, stop.signal);
  const proof = await startTestProof(ledger.log, stop.signal);
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const logged: string[] = [];
  const tokens = new Set<string>();
  let ids = 0;
  const routes: Route[] = [];
  const onServer = (message: unknown) => {
    if (hasServer(message))
      message.fastify.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) routes.push({ method: methodIn(one), path: url });
      });
  };
  subscribe(serverMade, onServer);
  const reading = new Reading(
    models,
    () => performance.now(),
    undefined,
    () => ledger.clock.now,
  );
  const application = await createApplication({
    commands: ledger.commands,
    reading,
    proof: proof.read,
    tokens: new TokenVerifier({ key: publicKey, issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now: () => Date.now() }),
    metrics: new LedgerMetrics({
      lag: () => ({ records: 0, seconds: 0 }),
      notices: countedNotices(
        () => reading,
        (error) => void logged.push(String(error)),
      ),
    }),
    logger: pino({ level: 'trace', base: null, hooks: { streamWrite: redactTokens } }, { write: (line: string) => void logged.push(line) }),
    notReady: () => Promise.resolve(undefined),
    newCommandId: () => `made-${++ids}`,
    limits: testLimits,
    publicReading: true,
    corsOrigins: [],
    ...more,
  });
  unsubscribe(serverMade, onServer);
  await application.getHttpAdapter().getInstance().ready();
  const sign: TestApplication['sign'] = async (claims, header = {}, key = privateKey) => {
    const token = await new SignJWT({ exp: Math.floor(Date.now() / 1_000) + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
      .sign(key);
    tokens.add(token);
    return token;
  };
  return {
    application,
    routes,
    ledger,
    publicKey,
    privateKey,
    checkpointKey: proof.keyOf,
    statements: proof.statements,
    cosigned: proof.cosigned,
    logged,
    tokens,
    sign,
    token: (role, organisation, sub = `${organisation}.${role}`) => sign({ ...goodClaims, role, org: organisation, sub }),
    async send(method, path, { token, body, headers = {} } = {}) {
      const sent = token ?? headers['authorization']?.split(' ')[1];
      if (sent !== undefined && sent !== '') tokens.add(sent);
      const response = await application.inject({
        method,
        url: path,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      });
      const text = response.body;
      const isJson = /json/.test(String(response.headers['content-type'])) && !/ndjson/.test(String(response.headers['content-type']));
      return {
        status: response.statusCode,
        headers: response.headers,
        text,
        json: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
    async sendRaw(method, path, token) {
      if (token !== undefined) tokens.add(token);
      if (!application.getHttpServer().listening) await application.listen(0, '127.0.0.1');
      const { port } = application.getHttpServer().address() as AddressInfo;
      return new Promise((done, failed) => {
        httpRequest(
          { port, host: '127.0.0.1', method, path, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
          (response) => {
            response.resume();
            done(response.statusCode ?? 0);
          },
        )
          .on('error', failed)
          .end();
      });
    },
    async close() {
      await application.close();
      stop.abort();
      await folding;
      await proof.running;
      await ledger.commands.close();
      const found = tokensIn(logged, tokens);
      if (found.length > 0) throw new Error(`the log holds tokens or parts of them: ${found.join(', ')}`);
    },
  };
}

const checkpointHost = 'ledger.test';

/** Trees, signed heads and statements of a log in memory. */
async function startTestProof(log: EventLog, signal: AbortSignal) {
  const [trees, signed, cosigned] = [new MemoryTrees(), new MemorySignedHeads(), new MemoryCosignedHeads()];
  const statements = openSqliteStatements(':memory:', 'write');
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyOf(key);
  await signed.begin(nameOfKey(publicKey));
  const observer = {
    refused: (why: string) => {
      throw new Error(why);
    },
  };
  const options = { log, partition: 0, trees, signed, cosigned, key, host: checkpointHost, now: () => Date.now(), observer, gather: 0 };
  return {
    read: new Proof(() => ({ trees, signed, cosigned, statements })),
    statements,
    cosigned,
    keyOf: (programme: string) => verifierLine({ name: `${checkpointHost}/${programme}`, publicKey }),
    running: runProof(options, signal),
  };
}
