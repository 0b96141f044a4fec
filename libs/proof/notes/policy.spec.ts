import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isSatisfied, policyIn } from './policy.js';
import { verifierLine, verifierOf } from './signed-note.js';

const keyOf = (name: string) => verifierOf({ name, key: generateKeyPairSync('ed25519').privateKey });
const keys = { a: keyOf('a.example'), b: keyOf('b.example'), c: keyOf('c.example'), d: keyOf('d.example') };
const log = keyOf('ledger.example/p');
const witness = (name: keyof typeof keys, url = '') => `witness ${name} ${verifierLine(keys[name], 'witness')} ${url}\n`;
const all = `${witness('a')}${witness('b')}${witness('c')}${witness('d')}`;
const satisfied = (text: string, by: string) => isSatisfied(policyIn(text), ({ name }) => by.includes(name));

describe('a policy', () => {
  it('names logs and witnesses with their keys and addresses', () => {
    const { logs, witnesses, quorum } = policyIn(
      `# the ledger's\n\n  log ${verifierLine(log)}\thttps://ledger.example\n${witness('a', 'https://a.example/w/')}${witness('b')}quorum none`,
    );
    expect(logs.map(({ verifier, url }) => [verifier.name, url])).toEqual([['ledger.example/p', 'https://ledger.example']]);
    expect(witnesses.map(({ name, verifier, url }) => [name, verifier.name, url])).toEqual([
      ['a', 'a.example', 'https://a.example/w'],
      ['b', 'b.example', undefined],
    ]);
    expect(quorum).toBeUndefined();
  });

  it('needs nobody, one witness, any, all or a number of a group, and groups of groups', () => {
    expect(satisfied(`${all}quorum none\n`, '')).toBe(true);
    expect([satisfied(`${all}quorum b\n`, 'acd'), satisfied(`${all}quorum b\n`, 'b')]).toEqual([false, true]);
    expect(['', 'd'].map((by) => satisfied(`${all}group g any a d\nquorum g\n`, by))).toEqual([false, true]);
    expect(['a', 'ad'].map((by) => satisfied(`${all}group g all a d\nquorum g\n`, by))).toEqual([false, true]);
    expect(['ad', 'abd'].map((by) => satisfied(`${all}group g 3 a b c d\nquorum g\n`, by))).toEqual([false, true]);
    const nested = `${all}group one any a b\ngroup other all c d\ngroup both all one other\nquorum both\n`;
    expect(['ab', 'cd', 'acd', 'bcd'].map((by) => satisfied(nested, by))).toEqual([false, false, true, true]);
  });

  it.each([
    ['', 'the policy must say whose cosignatures are needed: quorum <name>, or quorum none'],
    ['quorum none\nquorum none', 'line 2 of the policy: there is one quorum already'],
    ['quorum x', 'line 1 of the policy: x is no witness or group of a line above'],
    ['quorum', 'line 1 of the policy: write quorum <name>, or quorum none'],
    ['need none', 'line 1 of the policy: it begins with need, and not with log, witness, group, quorum or #'],
    ['log', 'line 1 of the policy: write log <key> [<address>]'],
    ['witness a', 'line 1 of the policy: write witness <name> <key> [<address>]'],
    ['witness a a+b', 'line 1 of the policy: a key must be written as name+number+key, with an Ed25519 key in base64'],
    [`witness a ${verifierLine(keys.a)}`, 'line 1 of the policy: the key a.example is that of a log, and that of a witness is needed'],
    [
      `${witness('a')}${witness('a').replace('witness a', 'witness b')}`,
      'line 2 of the policy: the key of a.example is in the policy already',
    ],
    [`${witness('a')}${witness('b').replace('witness b', 'witness a')}`, 'line 2 of the policy: the name a is taken'],
    [witness('a').replace('witness a', 'witness none'), 'line 1 of the policy: the name none is taken'],
    [
      witness('a', 'a.example'),
      'line 1 of the policy: an address must be one such as https://witness.example, without a name, a password or a query, not a.example',
    ],
    [`${witness('a')}group g all`, 'line 2 of the policy: write group <name> all|any|<number> <name>…, with a member at least'],
    [`${witness('a')}group g 2 a`, 'line 2 of the policy: of 1 members all, any or 1 to 1 are needed, not 2'],
    [`${witness('a')}group g some a`, 'line 2 of the policy: of 1 members all, any or 1 to 1 are needed, not some'],
    [`${witness('a')}group g all a\ngroup h all a`, 'line 3 of the policy: a is a member already, and may be one once'],
    ['quorum none\r\n', 'line 1 of the policy: no control characters but tabs and newlines may stand in it'],
  ])('is refused if it is %j', (text, why) => {
    expect(() => policyIn(text)).toThrow(why);
  });
});
