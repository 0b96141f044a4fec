/** `ledger evidence`: the file that proves the figures of an initiative, made from the ledger's own files, also while it is served. */
import { existsSync } from 'node:fs';
import { mostInEvidence } from '../../../libs/projections/records/evidence-texts.js';
import { evidenceFileName, writeEvidence } from '../../../libs/proof/evidence/evidence.js';
import { makeEvidence, type NoEvidence } from '../../../libs/proof/evidence/make-evidence.js';
import type { Configuration } from '../../configuration.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { openProofStores, type OpenedProofStores } from '../../standalone/proof-stores.js';
import { logToRead } from '../ledger-at.js';
import { noProgramme, UserError } from '../output.js';
import { LoggedRecords } from './logged-records.js';

/** The initiative, and the position up to which the latest statement is taken. */
export type EvidenceAsked = { programme: string; initiative: string; statement?: number };
/** A file of evidence: the name under which it is kept, its bytes, and the line of the ledger's key. */
export type EvidenceFile = { name: string; bytes: Uint8Array; keys: readonly string[] };

/** Makes the file. @throws {UserError} there is no such evidence, or not yet @throws {LedgerDamaged} @throws {LogUnreadable} */
export async function evidenceFor(configuration: Configuration, asked: EvidenceAsked): Promise<EvidenceFile> {
  const { programme, initiative, statement } = asked;
  const log = await logToRead(configuration);
  try {
    const records = new LoggedRecords(log, programme, initiative);
    const stores = await storesToRead(configuration);
    try {
      const position = statement === undefined ? {} : { position: statement };
      const made = await makeEvidence(stores, records, { programme, initiative, ...position });
      if (typeof made === 'string') throw await whyNone(made, asked, records);
      return { name: evidenceFileName(made), bytes: writeEvidence(made), keys: made.keys };
    } finally {
      await stores.close();
    }
  } finally {
    await log.close();
  }
}

/** @throws {UserError} the ledger has never signed a checkpoint or made a statement here */
async function storesToRead(configuration: Configuration): Promise<OpenedProofStores> {
  const { READ_MODELS } = configuration;
  if (READ_MODELS.startsWith('mongodb')) return (await import('../../../libs/proof/mongodb/mongo-proof.js')).openMongoProof(READ_MODELS);
  const files = filesOf(configuration);
  for (const file of [files.trees, files.signed, files.cosigned, files.statements])
    if (!existsSync(file))
      throw new UserError(`there is no ${file}, which evidence is made from: \`ledger serve\` makes it, within seconds of its start`);
  return openProofStores(files);
}

/** Why there is no evidence, and what to do. */
async function whyNone(why: NoEvidence, { programme, initiative, statement }: EvidenceAsked, records: LoggedRecords): Promise<UserError> {
  const holds = await records.holds();
  if (!holds.programme) return noProgramme(programme);
  if (!holds.initiative) return new UserError(`there is no initiative ${initiative} in ${programme}`);
  const order = `order one with POST /programmes/${programme}/statement-orders while the ledger is served, and ask again some seconds later`;
  switch (why) {
    case 'no-checkpoint':
      return new UserError(`no checkpoint of ${programme} is signed: \`ledger serve\` signs one, within seconds of its start`);
    case 'no-statement':
      return new UserError(
        statement === undefined
          ? `no statement of ${programme} is in its checkpoint yet: ${order}`
          : `no statement of position ${statement} or an earlier one is in the checkpoint of ${programme}: leave --statement out, or ${order}`,
      );
    case 'not-stated':
      return new UserError(
        `${initiative} is younger than the statement that would prove it: ${statement === undefined ? '' : 'name a later one, or '}${order}`,
      );
    case 'too-many-records':
      return new UserError(
        `${initiative} has more records than evidence may have (${mostInEvidence} events): \`ledger export\` and \`ledger verify --file\` prove them all`,
      );
  }
}
