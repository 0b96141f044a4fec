import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { mongoForTests } from '../../../services/for-tests.js';
import { statementsContract } from '../statements/statements.contract.js';
import { cosignedHeadsContract, signedHeadsContract, treesContract } from '../trees.contract.js';
import { openMongoProof } from './mongo-proof.js';

let server: Awaited<ReturnType<typeof mongoForTests>>;
beforeAll(async () => {
  server = await mongoForTests();
});
afterAll(() => server.stop());

function opened() {
  const url = `${server.url}/t-${randomUUID()}`;
  const proof = openMongoProof(url);
  const remove = async () => {
    await proof.close();
    const client = new MongoClient(url);
    await client.db().dropDatabase();
    await client.close();
  };
  return { ...proof, remove };
}

treesContract('MongoDB', () => Promise.resolve(opened()));
signedHeadsContract('MongoDB', () => Promise.resolve(opened()));
statementsContract('MongoDB', () => Promise.resolve(opened()));
cosignedHeadsContract('MongoDB', () => Promise.resolve(opened()));
