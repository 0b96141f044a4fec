/** The jars of the servers, fetched once into a folder that git ignores. */
import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { checkTools } from './tools.js';

const run = promisify(execFile);
const folder = resolve('services');
const jars = resolve(folder, '.jars');

let fetched: Promise<string> | undefined;

/** The class path of the servers; fetches missing jars. @throws {ToolsMissing} */
export function classPath(): Promise<string> {
  return (fetched ??= fetchedJars());
}

async function fetchedJars(): Promise<string> {
  await checkTools('Kafka and MongoDB need', ['java', 'mvn']);
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

/** The source of the document server; Java compiles it at its start. */
export const documentServerSource = resolve(folder, 'DocumentServer.java');
