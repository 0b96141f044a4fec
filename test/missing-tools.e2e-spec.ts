import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, temporaryFolder } from './support/ledger-process.js';

describe('a machine without Java, Maven and strace', () => {
  let nothing: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    nothing = await temporaryFolder();
  });
  afterAll(() => nothing.remove());

  it.each([
    ['dist/services/fetch.js', 'the tests of Kafka, MongoDB and power loss need java, mvn, strace', 'openjdk-17-jdk-headless maven strace'],
    ['dist/services/main.js', 'Kafka and MongoDB need java, mvn', 'openjdk-17-jdk-headless maven'],
  ])('is told at once by %s what to install, all of it, and what works without', async (script, needs, packages) => {
    const environment = { PATH: nothing.path, KAFKA_BROKERS: '127.0.0.1:9092', MONGODB_URL: 'mongodb://127.0.0.1:27017' };
    const { code, stdout, stderr } = await ended(
      spawn(process.execPath, [script], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${needs}: install the missing ones of Java 17, Maven and strace (Debian: apt install ${packages}); "npm test" runs the tests that need npm alone\n`,
    });
  });
});
