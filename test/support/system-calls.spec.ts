import { describe, expect, it } from '@jest/globals';
import { callsIn } from './system-calls.js';

const file = '/data/ledger.sqlite';
const escaped = (text: string): string => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const write = `pwrite64(21<${escaped(file)}>, "${escaped('paid')}", 4, 32`;
const written = { did: 'write', file, at: 32, bytes: Buffer.from('paid') };
const calls = (...lines: string[]) => callsIn(lines.join('\n'), '/data');

describe('the calls that strace recorded', () => {
  it('has a call that came back at once', () => {
    expect(calls(`7 ${write}) = 4`)).toEqual([written]);
  });

  it('has an interrupted call at the place where it came back', () => {
    const sync = `fsync(22<${escaped(file)}>)`;
    const synced = { did: 'sync', file, began: 0 };
    expect(calls(`7 ${write} <unfinished ...>`, `8 ${sync} = 0`, '7 <... pwrite64 resumed>) = 4')).toEqual([synced, written]);
  });

  it.each(['unfinished', 'detached'])('lacks a call during which the process ended, which is recorded as %s', (told) => {
    expect(calls(`7 ${write} <${told} ...>`, '7 +++ killed by SIGKILL +++')).toEqual([]);
  });

  it.each(['unfinished', 'detached'])('has everything that a client may have been told by a call that is recorded as %s', (told) => {
    const hash = 'ab'.repeat(32);
    const answer = `write(30<socket:[1]>, "${escaped(`{"position":5,"hash":"${hash}"}`)}", 84`;
    expect(calls(`7 ${answer} <${told} ...>`)).toEqual([{ did: 'acknowledge', position: 5, hash }]);
  });

  it('refuses a write that was not recorded whole', () => {
    expect(() => calls(`7 pwrite64(21<${escaped(file)}>, "${escaped('pa')}", 4, 32) = 4`)).toThrow('a write was not recorded whole');
  });
});
