import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LedgerDamaged } from '../../sqlite/database.js';
import { openSqliteStatements } from './sqlite-statements.js';
import { statementsContract } from '../statements/statements.contract.js';
import { leafHash } from '../tree/hashing.js';
import { grownTiles } from '../tree/tiles.js';
import { cosignedHeadsContract, signedHeadsContract, treesContract } from '../trees.contract.js';
import { openSqliteCosignedHeads } from './sqlite-cosigned-heads.js';
import { openSqliteSignedHeads } from './sqlite-signed-heads.js';
import { openSqliteTrees } from './sqlite-trees.js';

function temporary(): { file: string; remove(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-proof-'));
  return {
    file: join(folder, 'file.sqlite'),
    remove: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

treesContract('SQLite', () => {
  const { file, remove } = temporary();
  return Promise.resolve({ trees: openSqliteTrees(file, 'write'), remove });
});
statementsContract('SQLite', () => {
  const { file, remove } = temporary();
  return Promise.resolve({ statements: openSqliteStatements(file, 'write'), remove });
});
signedHeadsContract('SQLite', () => {
  const { file, remove } = temporary();
  return Promise.resolve({ signed: openSqliteSignedHeads(file, 'write'), remove });
});
cosignedHeadsContract('SQLite', () => {
  const { file, remove } = temporary();
  return Promise.resolve({ cosigned: openSqliteCosignedHeads(file, 'write'), remove });
});

describe('the files of trees and of signed heads', () => {
  it('are read by another connection while they are written', async () => {
    const { file, remove } = temporary();
    const written = openSqliteTrees(file, 'write');
    const read = openSqliteTrees(file, 'read');
    const tiles = await grownTiles(0, [leafHash(Buffer.from('one'))], () => Promise.reject(new Error('there is none')));
    await written.save({ partition: 0, offset: 4, trees: [{ programme: 'p', size: 1, tiles }] });
    expect([await read.size('p'), await read.offset(0)]).toEqual([1, 4]);
    await Promise.all([read.close(), written.close()]);
    await remove();
  });

  it('flush every head that was signed', async () => {
    const { file, remove } = temporary();
    const signed = openSqliteSignedHeads(file, 'write');
    expect(signed.durability()).toBe(2);
    await signed.close();
    await remove();
  });

  it('are refused if they are something else', async () => {
    const { file, remove } = temporary();
    await openSqliteTrees(file, 'write').close();
    expect(() => openSqliteSignedHeads(file, 'write')).toThrow(`${file} is no file of signed heads; it was left as it is`);
    writeFileSync(file, 'something else, which is long enough to be no empty file '.repeat(200));
    expect(() => openSqliteTrees(file, 'write')).toThrow(LedgerDamaged);
    await remove();
  });
});
