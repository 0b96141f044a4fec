/** The witnesses that a ledger asks, and the cosignatures that its checkpoints need. */
import { readFile } from 'node:fs/promises';
import { policyIn, type Policy } from '../libs/proof/notes/policy.js';
import { messageOf } from '../libs/sqlite/database.js';
import { ConfigurationError, type Configuration } from './configuration.js';

/** The policy of the configured file, and its text; `undefined` if none is configured. @throws {ConfigurationError} */
export async function witnessPolicy({
  WITNESS_POLICY_FILE,
}: Pick<Configuration, 'WITNESS_POLICY_FILE'>): Promise<{ policy: Policy; text: string } | undefined> {
  if (WITNESS_POLICY_FILE === '') return undefined;
  try {
    const text = await readFile(WITNESS_POLICY_FILE, 'utf8');
    return { policy: policyIn(text), text };
  } catch (cause) {
    throw new ConfigurationError(`WITNESS_POLICY_FILE: ${WITNESS_POLICY_FILE} can't be used: ${messageOf(cause)}`, { cause });
  }
}
