import { describe, expect, it } from '@jest/globals';
import { redactTokens, shortName } from './redact-tokens.js';

const part = (value: object, space?: number) => Buffer.from(JSON.stringify(value, undefined, space)).toString('base64url');
const header = { alg: 'EdDSA', typ: 'at+jwt' };
const claims = { sub: 'u-1', org: 'ministry-of-justice', role: 'finance' };
const signature = 'Zm9vYmFyYmF6'.repeat(6);

describe('text without tokens', () => {
  it.each([
    ['a JWT', `${part(header)}.${part(claims)}.${signature}`],
    ['one without a signature', `${part(header)}.${part(claims)}.`],
    ['one that is cut off', `${part(header)}.${part(claims)}`],
    ['one whose JSON is written with spaces', `${part(header, 2)}.${part(claims, 2)}.${signature}`],
    ['an encrypted one, of five parts', `${part(header)}.${signature}.${signature}.${signature}.${signature}`],
  ])('has nothing of %s', (_what, token) => {
    expect(redactTokens(`${token} is no field of RecordSpending`)).toBe('[token] is no field of RecordSpending');
    expect(redactTokens(`{"field":"${token}"}`)).toBe('{"field":"[token]"}');
  });
  it('has nothing of any text that is sent as a bearer token', () => {
    expect(redactTokens('authorization: Bearer 2YotnFZFEjr1zCsicMWpAA==; x')).toBe('authorization: Bearer [token]; x');
    expect(redactTokens('q=bearer%202YotnFZFEjr1zCsicMWpAA')).toBe('q=bearer%20[token]');
  });
  it.each([
    'send a token: authorization: Bearer …',
    'the authorization header must be: Bearer, a space, and the token',
    'the bearer of this letter',
    'import.2024-03-07.row-17',
    'eyewitness-register.2024',
    'funded 80000, spent 50000: 30000 is left, not 50000',
  ])('is the same if there is none: %s', (text) => {
    expect(redactTokens(text)).toBe(text);
  });
  it.each([
    ['text that begins like a token again and again', 'ey-'],
    ['headers without an end', 'eyJhbGciOiJFZERTQSJ9'],
    ['the word Bearer again and again', 'Bearer '],
  ])('is found in time that grows with the text alone: %s', (_what, piece) => {
    const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
    const began = performance.now();
    expect(redactTokens(text)).toBe(text);
    // Quadratic work would take minutes.
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('a name that the ledger doesn’t know', () => {
  it('is repeated up to 64 characters, without tokens', () => {
    const token = `${part(header)}.${part(claims)}.${signature.repeat(100)}`;
    expect([shortName('amuont'), shortName('x'.repeat(65)), shortName(token)]).toEqual(['amuont', `${'x'.repeat(64)}…`, '[token]']);
  });
  it('of 64 KB costs no more than its first characters', () => {
    const name = 'ey-'.repeat(65_536 / 3);
    const began = performance.now();
    for (let time = 0; time < 1_000; time++) expect(shortName(name)).toHaveLength(65);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
