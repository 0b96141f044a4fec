/** `ledger import csv`: finds the ledger and the sender, checks the sheet and imports it. */
import { readFile, stat } from 'node:fs/promises';
import { minorUnitsOf } from '../../../libs/currencies/iso-4217.js';
import { importOrganisation, roles, type Actor, type Party, type Role } from '../../../libs/domain/vocabulary.js';
import { faultsOf } from '../../../libs/http/batch-line.js';
import { checkSheet } from '../../../libs/spreadsheets/check-sheet.js';
import type { SheetSender } from '../../../libs/spreadsheets/plan-rows.js';
import type { ReadOptions } from '../../../libs/spreadsheets/read-table.js';
import { limits } from '../../../libs/spreadsheets/table.js';
import type { Configuration } from '../../configuration.js';
import type { ImportTarget } from '../aims/target.js';
import { hasLocalLedger, withLocalTarget } from '../import-targets/local-target.js';
import { currencyAt, holderOf, runningLedger } from '../import-targets/server-target.js';
import { noProgramme, UserError } from '../output.js';
import { factsIn, type ProgrammeFacts } from './facts.js';
import { importSheet, type SheetImport, type SheetRequest } from './import-sheet.js';

export type SheetOrder = ReadOptions &
  SheetRequest & {
    file: string;
    programme: string;
    /** The language tag of titles whose header names none. */
    language: string;
    /** The organisation on whose behalf an import funds and appropriates. */
    finance: string;
    /** On whose behalf every row is sent; without it each row is sent on behalf of the party that may send it. */
    as?: Party;
    /** A running ledger, instead of the configured one. */
    server?: { address: string; token: string };
  };

/** @returns what was done, and the decimals of the programme's currency @throws {UserError} */
export async function runSheetImport(configuration: Configuration, order: SheetOrder): Promise<{ done: SheetImport; digits: number }> {
  const bytes = await bytesOf(order.file);
  const { server, programme } = order;
  if (!server) {
    if (!hasLocalLedger(configuration)) throw noProgramme(programme);
    const importer = { id: 'ledger.import', organisation: importOrganisation, role: 'admin' } as const;
    return withLocalTarget(configuration, async (target) => importInto(target, bytes, order, importer, await factsIn(target, programme)));
  }
  const sender = senderOf(server.token);
  const target = runningLedger(server.address, server.token);
  return importInto(target, bytes, order, sender, await factsAt(target, server, sender.role, programme));
}

async function importInto(target: ImportTarget, bytes: Uint8Array, order: SheetOrder, sender: Actor, facts: ProgrammeFacts | undefined) {
  if (!facts) throw noProgramme(order.programme);
  const { programme, language } = order;
  const digits = minorUnitsOf(facts.currency);
  if (digits === undefined) throw new UserError(`${programme} keeps its accounts in ${facts.currency}, which this version does not know`);
  const options = { ...order, programme, language, digits, sender: sheetSender(sender, order, facts), faultsOf };
  return { done: await importSheet(await checkSheet(bytes, options), order, target), digits };
}

/** Admins and auditors read the records; the public document says enough for anyone else, who sends as itself. */
async function factsAt(
  target: ImportTarget,
  { address, token }: { address: string; token: string },
  role: Role,
  programme: string,
): Promise<ProgrammeFacts | undefined> {
  if (role === 'admin') return factsIn(target, programme);
  const currency = await currencyAt(address, token, programme);
  return currency === undefined ? undefined : { currency, authorities: new Map() };
}

function sheetSender(sender: Actor, { as, finance }: SheetOrder, { authorities }: ProgrammeFacts): SheetSender {
  if (as && sender.role !== 'admin')
    throw new UserError(`--as is for an admin’s token; this one is of ${sender.role} of ${sender.organisation}`);
  if (as) return { actor: { ...sender, onBehalfOf: as } };
  if (sender.role !== 'admin') return { actor: sender };
  if (sender.organisation !== importOrganisation)
    throw new UserError(`name the party with --as, or use a token of an admin of ${importOrganisation}, who may act for both sides`);
  return { importer: sender, finance, authorityOf: (initiative) => authorities.get(initiative) };
}

function senderOf(token: string): Actor {
  const { role: said, ...sender } = holderOf(token);
  const role = roles.find((one) => one === said);
  if (!role || role === 'auditor') throw new UserError(`--token must be of a ministry, of finance or of an admin; this one is of ${said}`);
  return { ...sender, role };
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > limits.bytes) throw new UserError(`${file} has ${size} bytes, and at most ${limits.bytes} are read; send it in parts`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} can’t be read: ${Error.isError(error) ? error.message : String(error)}`, { cause: error });
  }
}
