/** `ledger witness`: cosigns the checkpoints of somebody else's ledger. */
import { readFile } from 'node:fs/promises';
import { codePattern } from '../../../libs/domain/vocabulary.js';
import { verifierIn, type Verifier } from '../../../libs/proof/notes/signed-note.js';
import { programmeOf } from '../../../libs/proof/witness/follow.js';
import { messageOf } from '../../../libs/sqlite/database.js';
import type { Configuration } from '../../configuration.js';
import { serveUntilAsked } from '../../service.js';
import { serveWitness, type RunningWitness, type WitnessSettings } from '../../witness/serve-witness.js';
import { UserError } from '../output.js';

/** The keys in a file of lines as `ledger key` prints them; empty lines and lines that begin with # are ignored. @throws {UserError} */
export async function keysIn(file: string): Promise<Verifier[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      `--keys: ${file} can't be read (${messageOf(cause)}); name a file with the lines that \`ledger key\` prints where the ledger runs`,
      { cause },
    );
  });
  const keys = text.split('\n').flatMap((line, at) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    try {
      const key = verifierIn(trimmed);
      if (codePattern.test(programmeOf(key.name))) return [key];
    } catch (cause) {
      throw new UserError(`--keys: line ${at + 1} of ${file}: ${messageOf(cause)}`, { cause });
    }
    throw new UserError(`--keys: line ${at + 1} of ${file}: the key’s name must be a host and a programme, such as ledger.example/digital`);
  });
  if (keys.length === 0)
    throw new UserError(`--keys: ${file} has no key; put the lines in it that \`ledger key\` prints where the ledger runs`);
  return keys;
}

/** Runs a witness until it is asked to end. */
export async function runWitness(
  settings: WitnessSettings,
  configuration: Configuration,
  announce: (witness: RunningWitness) => void,
): Promise<void> {
  let running: RunningWitness | undefined;
  await serveUntilAsked(
    configuration,
    async (_configuration, logger) => (running = await serveWitness(settings, configuration, logger)),
    () => {
      if (running) announce(running);
    },
  );
}

/** The witness's address and keys for a person. */
export function witnessInWords({ url, witnesses }: RunningWitness): string {
  const lines = witnesses.map(
    ({ line, url, replays }) =>
      `${replays ? 'It cosigns what it has folded itself' : 'It cosigns what extends what it cosigned before'}, at ${url}:\n${line}`,
  );
  return [`The witness is at ${url}`, ...lines].join('\n\n');
}
