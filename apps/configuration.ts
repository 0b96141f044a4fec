/** The configuration of every process, read once from the environment. The table in docs/reference.md is generated from {@link settings}. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { cleanEnv, bool, makeValidator, str, type CleanedEnvAccessors } from 'envalid';

/** A rate or size of at least one. */
const positive = makeValidator((text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`a whole number of at least 1, not ${text}`);
  return value;
});

/** A TCP port; 0 means any free one. */
export const port = makeValidator((text: string) => {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new Error(`a port from 0 to 65535, not ${text}`);
  return value;
});

/** The address of the event log: `sqlite:` and a file (a relative path starts at the data folder), or Kafka's brokers and the topics' prefix. */
const eventLog = makeValidator((text: string) => {
  if (!/^sqlite:.+/.test(text) && !isKafka(text))
    throw new Error(
      'an address such as sqlite:ledger.sqlite or kafka://broker-1:9092,broker-2:9092/initiative, without a name or a password',
    );
  return text;
});
/** The address of the read models: `sqlite:` and a file, or a MongoDB server and a database. */
const readModels = makeValidator((text: string) => {
  if (!/^sqlite:.+/.test(text) && !/^mongodb(\+srv)?:\/\/[^/]+\/[\w-]+/.test(text))
    throw new Error('an address such as sqlite:read-models.sqlite or mongodb://host:27017/initiative-ledger');
  return text;
});
/** The address of a token issuer's keys; may be empty. Addresses may appear in logs, so none may hold a password. */
const keysAddress = makeValidator((text: string) => {
  const url = URL.parse(text);
  if (text !== '' && (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== ''))
    throw new Error('an address such as https://issuer.example/jwks, without a name or a password');
  return text;
});
/** Addresses or networks, separated by commas; may be empty. */
const networks = makeValidator((text: string) => {
  const named = text.split(',').map((one) => one.trim());
  if (text !== '' && !named.every(isNetwork)) throw new Error(`addresses or networks such as 10.0.0.7,192.168.0.0/16, not ${text}`);
  return text === '' ? [] : named;
});
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  return family !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}
/** Origins of pages, separated by commas; may be empty. */
const origins = makeValidator((text: string) => {
  const named = text === '' ? [] : text.split(',').map((one) => one.trim());
  const wrong = named.find((one) => !/^https?:/.test(one) || URL.parse(one)?.origin !== one);
  if (wrong !== undefined) throw new Error(`origins such as https://dashboard.example,http://localhost:5173, not ${wrong}`);
  return named;
});
/** The address of a service over HTTP; may be empty. */
const serviceAddress = makeValidator((text: string) => {
  const url = URL.parse(text);
  if (text !== '' && (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== ''))
    throw new Error('an address such as http://commands:3000, without a name, a password or a query');
  return text;
});
/** Whether nobody between can read or change what is sent: by HTTPS, or on this machine. */
function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname));
}
/** The identifier of an OpenID Connect issuer; may be empty. */
const issuer = makeValidator((text: string) => {
  const url = URL.parse(text);
  if (text !== '' && (!url || !isSafe(url) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== ''))
    throw new Error('an address such as https://issuer.example, by HTTPS or on loopback, without a name, a password or a query');
  return text;
});
/** An origin as browsers know it; may be empty. */
const publicOrigin = makeValidator((text: string) => {
  const url = URL.parse(text);
  if (text !== '' && (!url || !isSafe(url) || url.origin !== text))
    throw new Error('an origin such as https://ledger.example, by HTTPS or on loopback, without a path');
  return text;
});
/** A host, with its port if need be, as it stands before a programme in an origin; may be empty. */
const host = makeValidator((text: string) => {
  if (text !== '' && !/^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::\d{1,5})?$/.test(text))
    throw new Error(`a host such as ledger.example, in small letters and without a scheme or a path, not ${text}`);
  return text;
});
/** Scopes of OpenID Connect, which has `openid` among them. */
const scope = makeValidator((text: string) => {
  if (!text.split(' ').includes('openid')) throw new Error(`scopes separated by spaces, openid among them, not ${text}`);
  return text;
});
/** An absolute URI; may be empty. */
const resource = makeValidator((text: string) => {
  if (text !== '' && (!URL.canParse(text) || text.includes('#')))
    throw new Error(`an absolute URI such as https://ledger.example, without a fragment, not ${text}`);
  return text;
});
/** A secret of at least 32 characters; may be empty. */
const secret = makeValidator((text: string) => {
  if (text !== '' && text.length < 32) throw new Error('a secret of at least 32 characters, such as 32 random bytes in base64');
  return text;
});
/** An existing file; may be empty. */
const file = makeValidator((text: string) => {
  if (text !== '' && !existsSync(text)) throw new Error(`an existing file, not ${text}`);
  return text;
});

/** A moment in UTC; may be empty. */
const moment = makeValidator((text: string) => {
  if (text === '') return '';
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new Error(`a moment in UTC such as 2024-03-09T05:12:44Z, not ${text}`);
  return new Date(text).toISOString();
});

const isKafka = (text: string) => /^kafka:\/\/[^/@\s]+:\d{1,5}\/[a-z0-9][a-z0-9.-]{0,63}$/.test(text);

export const settings = {
  DATA_DIR: str({ default: 'data', desc: 'the folder of the ledger; created at the first start' }),
  HOST: str({ default: '127.0.0.1', desc: 'the address to listen on; any but loopback needs a token issuer of your own' }),
  PORT: port({ default: 3000, desc: 'the port to listen on; 0 takes a free one' }),
  EVENT_LOG: eventLog({
    default: 'sqlite:ledger.sqlite',
    desc: 'the address of the event log: `sqlite:` and a file, or `kafka://broker:9092,…/prefix`',
  }),
  READ_MODELS: readModels({
    default: 'sqlite:read-models.sqlite',
    desc: 'the address of the read models: `sqlite:` and a file, or `mongodb://host:27017/database`',
  }),
  INSTANCE: str({
    default: '',
    desc: 'the name of this instance, the machine’s if empty; after a restart the same name owns the same partitions again',
  }),
  STAND_BY: bool({ default: true, desc: 'whether a commands service also folds partitions of others, to take them over at once' }),
  ANSWER_TIMEOUT: positive({ default: 10_000, desc: 'milliseconds to wait for an outcome before the sender gets 503 and may try again' }),
  KAFKA_PARTITIONS: positive({
    default: 12,
    desc: 'the number of partitions of a new ledger, never changed; more than there will be commands services',
  }),
  KAFKA_REPLICATION: positive({ default: 3, desc: 'how many copies of every record Kafka keeps, at least' }),
  KAFKA_MIN_IN_SYNC: positive({ default: 2, desc: 'how many copies must have a record before it is acknowledged, at least' }),
  KAFKA_TLS: bool({ default: false, desc: 'whether to connect to Kafka by TLS' }),
  KAFKA_CA_FILE: file({ default: '', desc: 'certificates (PEM) of the authority that signed the brokers’; the system’s if empty' }),
  KAFKA_CERTIFICATE_FILE: file({ default: '', desc: 'this process’s certificate (PEM), if brokers ask for one' }),
  KAFKA_KEY_FILE: file({ default: '', desc: 'the certificate’s private key (PEM)' }),
  KAFKA_SASL_MECHANISM: str({
    default: '',
    choices: ['', 'plain', 'scram-sha-256', 'scram-sha-512'],
    desc: 'how this process authenticates with Kafka',
  }),
  KAFKA_SASL_USERNAME: str({ default: '', desc: 'the user name for Kafka' }),
  KAFKA_SASL_PASSWORD: str({ default: '', desc: 'the password for Kafka' }),
  TOKEN_JWKS_URL: keysAddress({ default: '', desc: 'the address of the token issuer’s keys (JWKS)' }),
  TOKEN_KEY_FILE: str({ default: '', desc: 'a file with the token issuer’s public key (PEM or JWK), instead of TOKEN_JWKS_URL' }),
  TOKEN_ISSUER: str({ default: 'initiative-ledger', desc: 'the `iss` a token must have' }),
  TOKEN_AUDIENCE: str({ default: 'initiative-ledger', desc: 'the `aud` a token must have' }),
  TOKEN_TYPE: str({ default: 'at+jwt', desc: 'the `typ` a token’s header must have (RFC 9068)' }),
  PUBLIC_READING: bool({ default: true, desc: 'whether programmes and initiatives can be read without a token or a session' }),
  CORS_ORIGINS: origins({
    default: [],
    desc: 'origins such as `https://dashboard.example`, separated by commas, whose pages may use the ledger from browsers; none if empty',
  }),
  SESSION_SECRET: secret({
    default: '',
    desc: 'seals the sessions of the workspace, the same in all processes that share them; if empty, people sign in again after a restart',
  }),
  PUBLIC_URL: publicOrigin({
    default: '',
    desc: 'the origin at which browsers reach the ledger, such as `https://ledger.example`; OpenID Connect needs it',
  }),
  CHECKPOINT_HOST: host({
    default: '',
    desc: 'the host in the origins of checkpoints, `ledger.example` in `ledger.example/digital`, never changed once witnesses know it; if empty that of PUBLIC_URL, else `localhost`',
  }),
  CHECKPOINT_KEY_FILE: str({
    default: '',
    desc: 'a file with the Ed25519 key (JWK or PEM) that signs checkpoints, as `ledger key --new` makes it; if empty, an embedded ledger has its own in its folder, and services sign none',
  }),
  STATEMENTS: bool({
    default: true,
    desc: 'whether the ledger publishes statements: once a day if something was recorded, when a year is closed, and when one is ordered',
  }),
  WITNESS_POLICY_FILE: file({
    default: '',
    desc: 'a file (C2SP tlog-policy) with the witnesses that are asked to cosign checkpoints, and whose cosignatures a checkpoint needs; if empty, nobody is asked, see [proof](proof.md#witnesses)',
  }),
  OIDC_ISSUER: issuer({
    default: '',
    desc: 'the OpenID Connect issuer at which people sign in to the workspace; if empty, they sign in with an access token alone',
  }),
  OIDC_CLIENT_ID: str({ default: '', desc: 'the ledger’s client id at that issuer' }),
  OIDC_CLIENT_SECRET: str({ default: '', desc: 'the client’s secret; none for a public client' }),
  OIDC_SCOPE: scope({ default: 'openid', desc: 'the scopes to ask for, separated by spaces' }),
  OIDC_RESOURCE: resource({
    default: '',
    desc: 'the `resource` (RFC 8707) that names the ledger to an issuer that needs it to issue a JWT for the ledger’s audience',
  }),
  COMMANDS_URL: serviceAddress({
    default: '',
    desc: 'the address of a commands service, to which a queries service passes on what people send in the workspace; if empty, its workspace only reads',
  }),
  BODY_LIMIT: positive({ default: 65_536, desc: 'the largest body of one command, in bytes' }),
  BATCH_BODY_LIMIT: positive({ default: 16_777_216, desc: 'the largest body of a batch of commands, in bytes' }),
  RATE_LIMIT: positive({
    default: 10_000,
    desc: 'units per minute for a client without a token, identified by its address: a request costs 1, a search or a question about the past 10, and every KiB sent and every 4 KiB answered 1 more; health costs nothing',
  }),
  TOKEN_RATE_LIMIT: positive({
    default: 600_000,
    desc: 'units per minute for the holder of a token; every command of a batch costs 1 more',
  }),
  CONNECTION_LIMIT: positive({ default: 4_096, desc: 'open connections; one client may have a quarter of them' }),
  BODIES_LIMIT: positive({
    default: 134_217_728,
    desc: 'bytes of request bodies being read or processed; one organisation may have a quarter of them',
  }),
  ANSWERS_LIMIT: positive({ default: 134_217_728, desc: 'bytes of answers that their readers have not taken yet' }),
  TRUSTED_PROXIES: networks({
    default: [],
    desc: 'proxies (addresses or CIDR) whose `X-Forwarded-For` identifies the client',
  }),
  REQUEST_TIMEOUT: positive({ default: 30_000, desc: 'milliseconds a request may take to arrive' }),
  ACCEPT_RECORDED_UP_TO: moment({
    default: '',
    desc: 'the moment (UTC) up to which records ahead of the clock are accepted; only after a clock was wrong, see [operations](operations.md#a-clock-that-was-wrong)',
  }),
  CACHED_STATES: positive({ default: 200_000, desc: 'how many programmes and initiatives the processor keeps in memory' }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    desc: 'the lowest level that is logged',
  }),
  SHUTDOWN_TIMEOUT: positive({
    default: 10_000,
    desc: 'milliseconds for answering requests in flight before the process ends',
  }),
};

export type Configuration = Readonly<Omit<ReturnType<typeof clean>, keyof CleanedEnvAccessors>>;

function clean(environment: NodeJS.ProcessEnv, report: (messages: string[]) => never) {
  return cleanEnv(environment, settings, {
    reporter: ({ errors }) => {
      const messages = Object.entries(errors).map(([name, error]) => `${name}: ${error.message}`);
      if (messages.length > 0) report(messages);
    },
  });
}

/** Settings are wrong; the message names each of them and says what would be right. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads the configuration. @throws {ConfigurationError} */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const configuration = clean(environment, (messages) => {
    throw new ConfigurationError(`the configuration is wrong: ${messages.join('; ')}`);
  });
  refuseHalfOfOidc(configuration);
  return { ...configuration, INSTANCE: configuration.INSTANCE === '' ? hostname() : configuration.INSTANCE };
}

/** @throws {ConfigurationError} some settings of OpenID Connect lack others */
function refuseHalfOfOidc(configuration: Configuration): void {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PUBLIC_URL, TOKEN_JWKS_URL, TOKEN_KEY_FILE } = configuration;
  if (OIDC_ISSUER === '' && OIDC_CLIENT_ID + OIDC_CLIENT_SECRET !== '')
    throw new ConfigurationError('OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong to an issuer: name it with OIDC_ISSUER');
  const missing = Object.entries({ OIDC_CLIENT_ID, PUBLIC_URL }).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (OIDC_ISSUER !== '' && missing.length > 0) throw new ConfigurationError(`with OIDC_ISSUER, set ${missing.join(' and ')} too`);
  if (OIDC_ISSUER !== '' && TOKEN_JWKS_URL === '' && TOKEN_KEY_FILE === '')
    throw new ConfigurationError('with OIDC_ISSUER, name the keys of its access tokens with TOKEN_JWKS_URL or TOKEN_KEY_FILE');
}
