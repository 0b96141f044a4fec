import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { keysAt } from './keys-at.js';
import { KeysUnavailable, keyInFile, TokenRefused, TokenVerifier, type TokenOptions } from './tokens.js';

const algorithms = ['EdDSA', 'ES256', 'ES384', 'ES512', 'RS256', 'PS512'] as const;
const sign = (key: CryptoKey, alg: string, kid?: string) =>
  new SignJWT({ org: 'ministry-of-justice', role: 'ministry' })
    .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid !== undefined && { kid }) })
    .setSubject('u-1')
    .setIssuer('issuer')
    .setAudience('ledger')
    .setExpirationTime('10m')
    .sign(key);
const verifier = (key: TokenOptions['key'], now = () => Date.now()) =>
  new TokenVerifier({ key, issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now });
const actor = { id: 'u-1', organisation: 'ministry-of-justice', role: 'ministry' };

describe('keys in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-keys-'));
  const file = join(folder, 'key');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(algorithms)('%s as PEM and as JWK', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    writeFileSync(file, JSON.stringify({ ...(await exportJWK(publicKey)), alg }));
    expect(await verifier(await keyInFile(file)).actorOf(await sign(privateKey, alg))).toEqual(actor);
    if (alg === 'PS512') return;
    writeFileSync(file, await exportSPKI(publicKey));
    expect(await verifier(await keyInFile(file)).actorOf(await sign(privateKey, alg))).toEqual(actor);
  });

  it('a token that names another algorithm than the key’s is refused', async () => {
    const own = await generateKeyPair('EdDSA', { extractable: true });
    const other = await generateKeyPair('RS256');
    await expect(verifier(own.publicKey).actorOf(await sign(other.privateKey, 'RS256'))).rejects.toBeInstanceOf(TokenRefused);
    writeFileSync(file, JSON.stringify(await exportJWK(own.publicKey)));
    await expect(verifier(await keyInFile(file)).actorOf(await sign(other.privateKey, 'RS256'))).rejects.toBeInstanceOf(TokenRefused);
  });

  it('a private key, or a shared secret, is no public key', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(file, JSON.stringify(await exportJWK(privateKey)));
    await expect(keyInFile(file)).rejects.toThrow('holds a private key');
    writeFileSync(file, JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }));
    await expect(keyInFile(file)).rejects.toThrow('holds no public key');
  });
});

describe('keys at an address', () => {
  let server: Server;
  let address: string;
  let asked = 0;
  let keys: object[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked++;
      if (request.url === '/failing') response.writeHead(500).end();
      else if (request.url === '/no-keys') response.end('<html>');
      else if (request.url === '/moved') response.writeHead(302, { location: '/keys' }).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('are fetched once, and each token is verified once', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    keys = [{ ...(await exportJWK(publicKey)), kid: 'k-1', alg: 'ES256' }];
    const tokens = verifier(keysAt(`${address}/keys`));
    const token = await sign(privateKey, 'ES256', 'k-1');
    for (let time = 0; time < 3; time++) expect(await tokens.actorOf(token)).toEqual(actor);
    expect(await tokens.actorOf(await sign(privateKey, 'ES256', 'k-1'))).toEqual(actor);
    expect(asked).toBe(1);
    const other = await generateKeyPair('ES256');
    await expect(tokens.actorOf(await sign(other.privateKey, 'ES256', 'k-1'))).rejects.toBeInstanceOf(TokenRefused);
  });

  it('are fetched from no other address than the configured one', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(verifier(keysAt(`${address}/moved`)).actorOf(await sign(privateKey, 'ES256', 'k-1'))).rejects.toBeInstanceOf(
      KeysUnavailable,
    );
  });

  it('are no fault of the token if they can’t be fetched', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    for (const path of ['/failing', '/no-keys'])
      await expect(verifier(keysAt(address + path)).actorOf(await sign(privateKey, 'ES256', 'k-1'))).rejects.toBeInstanceOf(
        KeysUnavailable,
      );
    await expect(verifier(keysAt('http://127.0.0.1:9/keys')).actorOf(await sign(privateKey, 'ES256'))).rejects.toBeInstanceOf(
      KeysUnavailable,
    );
  });

  it('a token that was verified is refused once it has expired', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    let now = Date.now();
    const tokens = verifier(publicKey, () => now);
    const token = await sign(privateKey, 'ES256');
    expect(await tokens.actorOf(token)).toEqual(actor);
    now += 10.9 * 60_000;
    expect(await tokens.actorOf(token)).toEqual(actor);
    now += 0.2 * 60_000;
    await expect(tokens.actorOf(token)).rejects.toThrow('expired');
  });
});
