import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, temporaryFolder } from './support/ledger-process.js';

const named = { KAFKA_BROKERS: '127.0.0.1:9092', MONGODB_URL: 'mongodb://127.0.0.1:27017' };

describe('a machine without Java, Maven, strace, Chromium, Go and Python', () => {
  let nothing: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    nothing = await temporaryFolder();
  });
  afterAll(() => nothing.remove());

  it.each([
    [
      'dist/services/fetch.js',
      'the tests of Kafka, MongoDB and power loss need java, mvn, strace: install Java 17, Maven, and strace (Debian: apt install openjdk-17-jdk-headless maven strace)',
    ],
    [
      'dist/services/main.js',
      'Kafka and MongoDB need java, mvn: install Java 17 and Maven (Debian: apt install openjdk-17-jdk-headless maven)',
    ],
    [
      'dist/services/proof.js',
      'the tests of proof by other people’s code need go, python3, chromium: install Go, Python 3 with its venv, and Chromium, or name it with CHROMIUM (Debian: apt install golang-go python3-venv chromium)',
    ],
    [
      'dist/services/browser.js',
      'the tests of the pages need chromium: install Chromium, or name it with CHROMIUM (Debian: apt install chromium)',
    ],
    [
      'dist/services/browser.js',
      'the tests of the pages need chromium, java, mvn: install Chromium, or name it with CHROMIUM, Java 17, and Maven (Debian: apt install chromium openjdk-17-jdk-headless maven)',
      {},
    ],
  ])('is told at once by %s everything to install, and what works without it', async (script, needs, servers = named) => {
    const environment = { PATH: nothing.path, ...servers };
    const { code, stdout, stderr } = await ended(
      spawn(process.execPath, [script], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${needs}; "npm test" runs the tests that need npm alone\n`,
    });
  });
});
