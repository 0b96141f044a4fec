import { readdir, readFile, writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Head } from '../libs/event-log/ports.js';
import { readKeptHeads } from './cli/kept-heads-file.js';
import { keepDailyHeads } from './daily-heads.js';

const headAt = (position: number): Head => ({
  position,
  hash: `${position}`.repeat(64).slice(0, 64),
  recordedAt: '2024-06-01T06:00:00.000Z',
});

describe('the heads of every day', () => {
  let parent: string;
  let folder: string;
  let failed: unknown[];
  let clock: number;
  let heads: Map<string, Head>;
  const keep = () => keepDailyHeads({ folder, heads: () => heads, now: () => clock, onFailed: (error) => failed.push(error) });

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'ledger-heads-'));
    folder = join(parent, 'heads');
    failed = [];
    clock = Date.parse('2024-06-01T23:00:00.000Z');
    heads = new Map([
      ['q', headAt(2)],
      ['p', headAt(1)],
    ]);
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  it('are in a file of the day, as GET /heads gives them and verify takes them, as late as the ledger was stopped', async () => {
    const kept = keep();
    heads.set('p', headAt(7));
    await kept.stop();
    expect(await readdir(folder)).toEqual(['2024-06-01.json']);
    const items = [
      { programme: 'p', ...headAt(7) },
      { programme: 'q', ...headAt(2) },
    ];
    expect(JSON.parse(await readFile(join(folder, '2024-06-01.json'), 'utf8'))).toEqual({ items });
    expect(await readKeptHeads(join(folder, '2024-06-01.json'))).toEqual(items.map(({ recordedAt: _, ...head }) => head));
    expect(failed).toEqual([]);
  });

  it('of the day before stay as they were', async () => {
    await keep().stop();
    clock += 2 * 3_600_000;
    heads.set('p', headAt(9));
    await keep().stop();
    expect(await readdir(folder)).toEqual(['2024-06-01.json', '2024-06-02.json']);
    expect(await readKeptHeads(join(folder, '2024-06-01.json'))).toContainEqual({ programme: 'p', position: 1, hash: headAt(1).hash });
  });

  it('are in no file if nothing was recorded yet', async () => {
    heads.clear();
    await keep().stop();
    expect(await readdir(parent)).toEqual([]);
  });

  it('are reported if they can’t be written, and stop nothing', async () => {
    await writeFile(folder, 'a file');
    await keep().stop();
    expect(failed).toMatchObject([{ code: 'EEXIST' }, { code: 'EEXIST' }]);
  });
});
