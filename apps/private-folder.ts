import { mkdir } from 'node:fs/promises';
import { messageOf } from '../libs/sqlite/database.js';
import { ConfigurationError } from './configuration.js';

/** Lets only this account read the files that this process makes from now on: they name senders and hold the key that signs tokens. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/** Makes the data folder if there is none, for its owner alone. An existing folder keeps its mode. @throws {ConfigurationError} */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigurationError(
      `DATA_DIR (--data): ${folder} is no folder and can't be made one (${messageOf(error)}); name a folder that this account may write to`,
      { cause: error },
    );
  }
}
