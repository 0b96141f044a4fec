/** A server that speaks MongoDB's wire protocol, without Docker. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { classPath, documentServerSource } from './jars.js';
import { freePort, listening, startJava, type ServerProcess } from './server-process.js';

export type DocumentServer = {
  url: string;
  process: ServerProcess;
  /** The file of all its data. */ file: string;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it on a file in a folder; creates the folder if there is none. */
export async function startDocumentServer({ folder, port }: { folder: string; port?: number }): Promise<DocumentServer> {
  const jars = await classPath();
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'documents.mv');
  const own = port ?? (await freePort());
  const launch = () =>
    startJava(['-Xmx512m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', jars, documentServerSource, file, String(own)]);
  let process = launch();
  await listening(own, process.failed);
  return {
    url: `mongodb://127.0.0.1:${own}`,
    file,
    get process() {
      return process;
    },
    async start() {
      process = launch();
      await listening(own, process.failed);
    },
    stop: () => process.end('SIGTERM'),
  };
}
