import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { ed25519KeyIn } from '../../apps/checkpoint-key.js';
import { openMongoProof } from '../../libs/proof/mongodb/mongo-proof.js';
import { publicKeyOf } from '../../libs/proof/notes/signed-note.js';
import { nameOfKey } from '../../libs/proof/ports.js';
import { runLedger } from '../support/ledger-process.js';
import { openDistributed, ready } from '../support/services.js';
import { rewrittenHistory } from '../tampering.contract.js';

/** The operator of ledgers of services: each has topics, a database and a checkpoint key of its own; the servers and the token issuer are the same. */
rewrittenHistory('on Kafka and MongoDB', async () => {
  const distributed = await openDistributed({ partitions: 2 });
  const { folder } = distributed;
  const keyOf = (name: string) => join(folder, `${name}.key.json`);
  const settingsOf = (name: string) => ({
    ...distributed.settings,
    EVENT_LOG: `${distributed.settings['EVENT_LOG']!}-${name}`,
    READ_MODELS: `${distributed.settings['READ_MODELS']!}-${name}`,
    CHECKPOINT_KEY_FILE: keyOf(name),
    // Only the ledger that was not rewritten makes statements: the forger's are among its records.
    STATEMENTS: String(name === 'own'),
  });
  const run = (name: string, args: readonly string[]) => runLedger(args, settingsOf(name));
  const done = async (name: string, args: readonly string[]) => {
    const { code, stdout, stderr } = await run(name, args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const make = async (name: string, file: string) => {
    await done(name, ['import', 'records', file]);
    await copyFile(keyOf('own'), keyOf(name));
    const proof = openMongoProof(settingsOf(name).READ_MODELS);
    await proof.signed.begin(nameOfKey(publicKeyOf(await ed25519KeyIn(keyOf(name)))));
    await proof.close();
  };
  await done('own', ['key', '--new']);
  return {
    folder,
    run,
    make,
    async serve(name) {
      const services = await Promise.all(
        (['commands', 'queries', 'projections'] as const).map((service) =>
          distributed.start(service, `${name}-${service}`, settingsOf(name)),
        ),
      );
      await Promise.all(services.map((service) => ready(service)));
      const [commands, queries] = services;
      return {
        url: queries!.url,
        clients: await distributed.clients(commands!.url, queries!.url),
        async stop() {
          for (const ended of await Promise.all(services.map((service) => service.stop()))) expect(ended).toMatchObject({ code: 0 });
        },
      };
    },
    async copy(name, as) {
      const records = join(folder, `${as}.ndjson`);
      await writeFile(records, await done(name, ['export']));
      await make(as, records);
    },
    async editReadModel(name, from, to) {
      const client = new MongoClient(settingsOf(name).READ_MODELS);
      let changed = 0;
      for (const { collectionName } of await client.db().collections()) {
        const documents = client.db().collection<{ _id: string; body?: unknown }>(collectionName);
        const found = await documents.findOne({ _id: 'p/i' });
        const edited = JSON.stringify(found?.body ?? {}).replace(`"spent":"${from}"`, `"spent":"${to}"`);
        if (edited === JSON.stringify(found?.body ?? {})) continue;
        changed += (await documents.updateOne({ _id: 'p/i' }, { $set: { body: JSON.parse(edited) as unknown } })).modifiedCount;
      }
      await client.close();
      expect(changed).toBe(1);
    },
    async changeKey(name) {
      await rm(keyOf(name));
      await done(name, ['key', '--new']);
    },
    close: () => distributed.stop(),
  };
});
