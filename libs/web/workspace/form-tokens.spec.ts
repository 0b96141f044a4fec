import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../domain/vocabulary.js';
import { FormTokens } from './form-tokens.js';

const clerk: Actor = { id: 'aida', organisation: 'ministry-of-justice', role: 'ministry' };
const made = 1_700_000_000;
const day = 86_400;

describe('the secret of a form', () => {
  const tokens = new FormTokens('a secret of thirty-two characters or more');
  const token = tokens.make(clerk, made);

  it('is accepted from the person it was made for, for a day, in any process with the same secret', () => {
    const elsewhere = new FormTokens('a secret of thirty-two characters or more');
    expect([made, made + day, made + day + 1].map((now) => elsewhere.isOf(clerk, token, now))).toEqual([true, true, false]);
  });

  it('is another one for every session', () => {
    expect(tokens.make(clerk, made)).not.toBe(token);
  });

  it.each<[string, Partial<Actor>]>([
    ['of another name', { id: 'bakyt' }],
    ['of another organisation', { organisation: 'ministry-of-health' }],
    ['in another role', { role: 'finance' }],
  ])('is not accepted from a person %s', (_whose, other) => {
    expect(tokens.isOf({ ...clerk, ...other }, token, made)).toBe(false);
  });

  it('is not accepted if it was altered, or made with another secret', () => {
    const [, random = '', mac = ''] = token.split('.');
    const altered = [`${made + day}.${random}.${mac}`, `${made}.${random}`, `${made}.${random}.${mac}.`, `${made}.${random}x.${mac}`, ''];
    expect(altered.map((one) => tokens.isOf(clerk, one, made))).toEqual(altered.map(() => false));
    expect([new FormTokens('').isOf(clerk, token, made), tokens.isOf(clerk, new FormTokens('').make(clerk, made), made)]).toEqual([
      ...[false, false],
    ]);
  });
});
