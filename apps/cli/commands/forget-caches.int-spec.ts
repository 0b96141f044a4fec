import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfiguration } from '../../configuration.js';
import { forgetCaches } from './forget-caches.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-forget-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('ledger forget-caches with the settings of services on Kafka', () => {
  const settings = { EVENT_LOG: 'kafka://broker:9092/ledger', READ_MODELS: 'mongodb://db/ledger' };
  const suffix = '.forgotten-20240601T060000Z';

  it('renames the state stores and what statements are folded from, with SQLite’s files beside them, and nothing else', () => {
    const caches = ['documents-0.sqlite', 'documents-12.sqlite', 'ledger-0.states', 'ledger-7.states'];
    const beside = ['documents-12.sqlite-wal', 'ledger-7.states-shm'];
    const others = ['documents-.sqlite', 'documents-0.sqlite.old', 'other-0.states', 'token-key.json'];
    for (const name of [...caches, ...beside, ...others]) writeFileSync(join(folder, name), name);
    const moved = forgetCaches(readConfiguration({ ...settings, DATA_DIR: folder }), new Date('2024-06-01T06:00:00.000Z'));
    expect(moved).toEqual(caches.map((name) => ({ from: join(folder, name), to: join(folder, name + suffix) })));
    const kept = [...caches.map((name) => name + suffix), `documents-12.sqlite${suffix}-wal`, `ledger-7.states${suffix}-shm`];
    expect(readdirSync(folder).sort()).toEqual([...kept, ...others].sort());
    expect(readFileSync(join(folder, `documents-12.sqlite${suffix}-wal`), 'utf8')).toBe('documents-12.sqlite-wal');
  });
});
