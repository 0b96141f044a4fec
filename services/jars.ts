/** The jars of the servers, fetched once into a folder that git ignores. */
import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = resolve('services');
const jars = resolve(folder, '.jars');

/** Java or Maven is not there. The message says in one line what to install, and what works without. */
export class JavaMissing extends Error {
  override readonly name = 'JavaMissing';
}

/** @throws {JavaMissing} */
export async function checkJava(): Promise<void> {
  for (const [command, argument] of [
    ['java', '-version'],
    ['mvn', '-version'],
  ] as const)
    await run(command, [argument]).catch((cause: unknown) => {
      throw new JavaMissing(
        `Kafka and MongoDB need ${command}: install Java 17 and Maven (Debian: apt install openjdk-17-jdk-headless maven); "npm run test:embedded" tests the embedded ledger alone`,
        { cause },
      );
    });
}

let fetched: Promise<string> | undefined;

/** The class path of the servers, which are fetched where they are not there yet. @throws {JavaMissing} */
export function classPath(): Promise<string> {
  return (fetched ??= fetchedJars());
}

async function fetchedJars(): Promise<string> {
  await checkJava();
  const wanted = await readFile(resolve(folder, 'pom.xml'), 'utf8');
  const present = await readFile(resolve(jars, 'fetched.xml'), 'utf8').catch(() => undefined);
  if (present !== wanted) {
    await run('mvn', ['-q', '-B', '-f', resolve(folder, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], {
      maxBuffer: 16 * 1024 * 1024,
    });
    await writeFile(resolve(jars, 'fetched.xml'), wanted);
  }
  await access(jars);
  return `${jars}/*`;
}

/** The source of the document server, which Java compiles as it starts it. */
export const documentServerSource = resolve(folder, 'DocumentServer.java');
