import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Session } from '../session.js';
import { KeptUploads, type KeptUpload } from './kept-uploads.js';

const mebibyte = 1_048_576;
const session = (id: string, formToken = ''): Session => ({
  actor: { id, organisation: 'ministry-of-justice', role: 'ministry' },
  token: '',
  formToken,
});
const own = session('own');
const upload = (bytes = 1, programme = 'p'): KeptUpload => ({ programme, bytes: new Uint8Array(bytes), language: 'en' });

describe('uploads that wait to be recorded', () => {
  let kept: KeptUploads;
  let now: number;
  beforeEach(() => {
    now = 1_000;
    kept = new KeptUploads(() => now);
  });
  const isThere = (id: string) => kept.of(own, 'p', id) !== undefined;
  const isThereFor = (id: string, index: number) => kept.of(session(`s-${index}`), 'p', id) !== undefined;

  it('belong to one person and one programme', () => {
    const id = kept.keep(upload(), own);
    expect([kept.of(own, 'p', id)?.bytes.length, kept.of(session('other'), 'p', id), kept.of(own, 'q', id)]).toEqual([
      ...[1, undefined, undefined],
    ]);
  });

  it('wait for a person who signs in again', () => {
    const id = kept.keep(upload(), session('aida', 'first'));
    expect(kept.of(session('aida', 'second'), 'p', id)?.bytes.length).toBe(1);
  });

  it('are at most fifty; the least recently used go first', () => {
    const ids = Array.from({ length: 51 }, (_, index) => kept.keep(upload(), session(`s-${index}`)));
    expect(ids.map(isThereFor)).toEqual([false, ...Array.from({ length: 50 }, () => true)]);
  });

  it('are at most three a person, whose fourth replaces the own oldest and none of others', () => {
    const other = kept.keep(upload(), session('s-0'));
    const ids = Array.from({ length: 4 }, () => kept.keep(upload(), own));
    expect([...ids.map(isThere), isThereFor(other, 0)]).toEqual([false, true, true, true, true]);
  });

  it('have at most twenty mebibytes together', () => {
    const ids = Array.from({ length: 11 }, (_, index) => kept.keep(upload(2 * mebibyte), session(`s-${index}`)));
    expect(ids.map(isThereFor)).toEqual([false, ...Array.from({ length: 10 }, () => true)]);
  });

  it('are gone after fifteen minutes', () => {
    const id = kept.keep(upload(), own);
    now += 15 * 60_000;
    expect(isThere(id)).toBe(true);
    now += 1;
    expect(isThere(id)).toBe(false);
  });
});
