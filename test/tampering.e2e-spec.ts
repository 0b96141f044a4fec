import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from '@jest/globals';
import { ed25519KeyIn } from '../apps/checkpoint-key.js';
import { initiatives } from '../libs/projections/initiatives/collection.js';
import { collections } from '../libs/projections/projections.js';
import { publicKeyOf } from '../libs/proof/notes/signed-note.js';
import { nameOfKey } from '../libs/proof/ports.js';
import { openSqliteSignedHeads } from '../libs/proof/sqlite/sqlite-signed-heads.js';
import { runLedger, startLedger, temporaryFolder } from './support/ledger-process.js';
import { clientsFor } from './support/programme.js';
import { rewrittenHistory } from './tampering.contract.js';

/** The operator of ledgers that are one process and a folder each. */
rewrittenHistory('on one machine', async () => {
  const { path: folder, remove } = await temporaryFolder();
  const at = (...names: string[]) => join(folder, ...names);
  const run = (name: string, args: readonly string[]) => runLedger([...args, '--data', at(name)]);
  return {
    folder,
    run,
    async serve(name) {
      // Only the ledger that was not rewritten makes statements: the forger's are among its records.
      const ledger = await startLedger(at(name), name === 'own' ? { STATEMENTS: 'true' } : {});
      return {
        url: ledger.url,
        clients: await clientsFor(ledger.url, at(name)),
        async stop() {
          await ledger.stop();
        },
      };
    },
    copy: (name, as) => cp(at(name), at(as), { recursive: true }),
    async make(name, file) {
      await mkdir(at(name), { mode: 0o700 });
      const { code, stderr } = await run(name, ['import', 'records', file]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      for (const key of ['token-key.json', 'checkpoint-key.json']) await copyFile(at('own', key), at(name, key));
      const signed = openSqliteSignedHeads(at(name, 'signed-heads.sqlite'), 'write');
      await signed.begin(nameOfKey(publicKeyOf(await ed25519KeyIn(at(name, 'checkpoint-key.json')))));
      await signed.close();
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- SQLite answers at once
    async editReadModel(name, from, to) {
      const database = new DatabaseSync(at(name, 'read-models.sqlite'));
      const table = `g1_c${collections.findIndex((collection) => collection.name === initiatives.name)}`;
      const { changes } = database
        .prepare(`UPDATE ${table} SET body = replace(body, ?, ?) WHERE key = 'p/i'`)
        .run(`"spent":"${from}"`, `"spent":"${to}"`);
      database.close();
      expect(changes).toBe(1);
    },
    changeKey: (name) => rm(at(name, 'checkpoint-key.json')),
    close: remove,
  };
});
