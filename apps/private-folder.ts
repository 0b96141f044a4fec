import { mkdir } from 'node:fs/promises';
import { messageOf } from '../libs/sqlite/database.js';
import { ConfigurationError } from './configuration.js';

/** From now on whatever this process makes is for its account alone: a ledger holds who sent what, and the key that tokens are signed with. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/** Makes the data folder where there is none, for its owner alone. One that is there keeps the rights it has. @throws {ConfigurationError} */
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
