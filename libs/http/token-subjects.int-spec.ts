/** Two subjects never differ only in invisible characters. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { TokenRefused, TokenVerifier } from './tokens.js';

describe('the subject of a token', () => {
  let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
  beforeAll(async () => {
    keys = await generateKeyPair('EdDSA');
  });
  const sent = async (sub: string) => {
    const token = await new SignJWT({ sub, org: 'ministry-of-justice', role: 'ministry', iss: 'issuer', aud: 'ledger' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setExpirationTime('10m')
      .sign(keys.privateKey);
    return new TokenVerifier({ key: keys.publicKey, issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now: () => Date.now() }).actorOf(
      token,
    );
  };

  it.each(['u-88', 'Айгүл Токтогулова', 'auth0|5f7c8ec7c33c6c004bbafe82', '山田 太郎'])('may be any that is readable: %s', async (sub) => {
    expect((await sent(sub)).id).toBe(sub);
  });
  it.each([
    ['a control', '\u0000'],
    ['a line feed', '\n'],
    ['a control of the upper half', '\u0085'],
    ['a bidirectional override', '\u202e'],
    ['a bidirectional isolate', '\u2066'],
    ['a zero width space', '\u200b'],
    ['a separator of lines', '\u2028'],
    ['a separator of paragraphs', '\u2029'],
    ['half a character', '\ud800'],
    ['a combining grapheme joiner', '\u034f'],
    ['a Hangul filler', '\u115f'],
    ['a variation selector', '\ufe0f'],
    ['a supplementary variation selector', '\u{e0100}'],
    ['a tag', '\u{e0041}'],
  ])('is refused with %s in it', async (_what, character) => {
    for (const sub of [`u-88${character}`, `u-${character}88`, character]) {
      const failure: unknown = await sent(sub).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(TokenRefused);
      expect(String(failure)).toContain('must be readable');
    }
  });
});
