import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { keysAt, type KeysOptions } from './keys-at.js';
import { KeysUnavailable, TokenRefused, TokenVerifier } from './tokens.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
const actor = { id: 'u-1', organisation: 'ministry-of-justice', role: 'ministry' };
const seconds = () => Math.floor(Date.now() / 1_000);

let issuer: Server;
let address: string;
let published: object[] = [];
let asked = 0;
let answers = true;
const heard: (() => void)[] = [];
/** Resolves at the next request to the issuer. */
const askedAgain = () => new Promise<void>((done) => heard.push(done));

beforeEach(async () => {
  [published, asked, answers] = [[], 0, true];
  issuer = createServer((_request, response) => {
    asked++;
    if (answers) response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
    else response.destroy();
    for (const done of heard.splice(0)) done();
  });
  await new Promise<void>((done) => issuer.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
});
afterEach(() => {
  issuer.close();
});

const verifier = (options?: KeysOptions) =>
  new TokenVerifier({ key: keysAt(address, options), issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now: () => Date.now() });
async function publish(...kids: (string | undefined)[]): Promise<Pair[]> {
  const pairs = await Promise.all(kids.map(() => generateKeyPair('ES256')));
  const keys = await Promise.all(pairs.map(({ publicKey }) => exportJWK(publicKey)));
  published = keys.map((key, index) => ({ ...key, alg: 'ES256', ...(kids[index] !== undefined && { kid: kids[index] }) }));
  return pairs;
}
const sign = (key: CryptoKey, { kid, ...claims }: { kid?: string; iat?: number; nbf?: number; exp?: number } = {}) =>
  new SignJWT({ org: 'ministry-of-justice', role: 'ministry', sub: 'u-1', iss: 'issuer', aud: 'ledger', exp: seconds() + 600, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...(kid !== undefined && { kid }) })
    .sign(key);

describe('a key that the issuer published a moment ago', () => {
  it('is waited for with a 503 in the cool-down, and asked for after it', async () => {
    const [old] = await publish('old');
    const options = { coolDown: 60_000 };
    const tokens = verifier(options);
    await tokens.actorOf(await sign(old!.privateKey, { kid: 'old' }));
    const [fresh] = await publish('fresh');
    const failure: unknown = await Promise.resolve(tokens.actorOf(await sign(fresh!.privateKey, { kid: 'fresh' }))).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(KeysUnavailable);
    expect((failure as KeysUnavailable).retryAfter).toBeGreaterThan(50);
    expect((failure as KeysUnavailable).retryAfter).toBeLessThanOrEqual(60);
    expect(asked).toBe(1);

    const patient = verifier({ coolDown: 0 });
    await expect(patient.actorOf(await sign(old!.privateKey, { kid: 'old' }))).rejects.toBeInstanceOf(TokenRefused);
    expect(await patient.actorOf(await sign(fresh!.privateKey, { kid: 'fresh' }))).toEqual(actor);
  });
  it('is no key of the issuer if the keys fetched for it lack it: 401, and the log says why', async () => {
    await publish('one');
    const { privateKey } = await generateKeyPair('ES256');
    const token = await sign(privateKey, { kid: 'another' });
    await expect(verifier().actorOf(token)).rejects.toThrow('the issuer has no key of its kid and alg');
  });
});

describe('an issuer that can’t be reached', () => {
  it('leaves its last known keys valid, however old, and is reported as away', async () => {
    const [pair] = await publish('one');
    const told: unknown[] = [];
    const unreachable = Promise.withResolvers<undefined>();
    const tokens = verifier({
      coolDown: 0,
      freshFor: 0,
      onUnreachable: (error) => {
        told.push(error);
        unreachable.resolve(undefined);
      },
    });
    expect(await tokens.actorOf(await sign(pair!.privateKey, { kid: 'one' }))).toEqual(actor);
    answers = false;
    const again = askedAgain();
    expect(await tokens.actorOf(await sign(pair!.privateKey, { kid: 'one', iat: seconds() }))).toEqual(actor);
    await again;
    await unreachable.promise;
    expect(told.map(String)).toEqual(['TypeError: fetch failed']);
    const { privateKey } = await generateKeyPair('ES256');
    await expect(tokens.actorOf(await sign(privateKey, { kid: 'unknown' }))).rejects.toBeInstanceOf(KeysUnavailable);
  });
  it('is asked again once its keys are old, and a key it took back is refused', async () => {
    const [pair] = await publish('one');
    const tokens = verifier({ coolDown: 0, freshFor: 0 });
    expect(await tokens.actorOf(await sign(pair!.privateKey, { kid: 'one' }))).toEqual(actor);
    await publish('two');
    const again = askedAgain();
    await tokens.actorOf(await sign(pair!.privateKey, { kid: 'one', iat: seconds() }));
    await again;
    for (let nbf = 1; ; nbf++) {
      const outcome = await Promise.resolve(tokens.actorOf(await sign(pair!.privateKey, { kid: 'one', nbf }))).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof TokenRefused) break;
    }
    expect(asked).toBeGreaterThan(1);
  });
});

describe('a token that names no key', () => {
  it('is refused if two keys match, and the log says so', async () => {
    const [first] = await publish(undefined, undefined);
    await expect(verifier().actorOf(await sign(first!.privateKey))).rejects.toThrow('names no kid, and several of the issuer’s keys match');
  });
});

describe('an issuer’s clock that differs', () => {
  it.each([
    ['nbf', 50],
    ['iat', 50],
    ['exp', -50],
  ])('by less than a minute is tolerated in %s', async (claim, off) => {
    const [pair] = await publish('one');
    expect(await verifier().actorOf(await sign(pair!.privateKey, { kid: 'one', [claim]: seconds() + off }))).toEqual(actor);
  });
  it.each([
    ['nbf', 75, /nbf/],
    ['iat', 75, /iat/],
    ['exp', -75, /expired/],
  ])('by more than a minute is not, in %s', async (claim, off, says) => {
    const [pair] = await publish('one');
    await expect(verifier().actorOf(await sign(pair!.privateKey, { kid: 'one', [claim]: seconds() + off }))).rejects.toThrow(says);
  });
});
