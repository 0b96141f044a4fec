/** How a published project becomes commands: who sends them, on which day, and with ids that are the same whenever the same release is imported. */
import type { Command, CommandEnvelope, InitiativeCommandType, ProgrammeCommandData } from '../../../libs/domain/commands.js';
import type { Actor, IsoDate } from '../../../libs/domain/vocabulary.js';
import { digest } from './names.js';
import type { Movement, Project } from './published.js';

/** One release as imported: the first is edition 1, and each later one that `--update` brings counts on. */
export type Edition = {
  number: number;
  /** The first 12 hex digits of the release's SHA-256. */
  release: string;
};

export type PlanOptions = {
  programme: string;
  /** ISO 4217; rows in another currency are faults, never converted. */
  currency: string;
  /** How many digits the currency's minor unit has. */
  digits: number;
  /** The language tag of the published titles. */
  language: string;
  importer: Pick<Actor, 'id' | 'organisation'>;
  /** The organisation on whose behalf is funded and signed off. */
  finance: string;
  today: IsoDate;
  /** The day of the published status, and of projects without any date. */
  asOf: IsoDate;
  edition: Edition;
  /** Steps have the same ids in every edition, so that what was sent once is not sent again. */
  sameInEveryEdition?: true;
};

type Side = 'authority' | 'finance';
/** All of a command to an initiative but its data. `row` is what its id is made from, beside programme, type and edition. */
export type Frames = <T extends InitiativeCommandType>(
  type: T,
  side: Side,
  row: readonly string[],
  occurredOn: IsoDate,
) => CommandEnvelope & { type: T; programme: string; initiative: string };

/** Commands to one initiative, sent by the importer on behalf of its authority or of finance. */
export function framesFor({ initiative, authority }: Pick<Project, 'initiative' | 'authority'>, options: PlanOptions): Frames {
  return (type, side, row, occurredOn) => ({
    type,
    programme: options.programme,
    initiative,
    commandId: commandIdOf(type, row, options),
    actor: {
      ...options.importer,
      role: 'admin',
      onBehalfOf: side === 'authority' ? { organisation: authority, role: 'ministry' } : { organisation: options.finance, role: 'finance' },
    },
    occurredOn,
  });
}

/** A command's id names its step, and the release that it was sent for. The step of a later edition is another one. */
export function commandIdOf(step: string, row: readonly string[], { programme, edition, sameInEveryEdition }: PlanOptions): string {
  const of = edition.number === 1 || sameInEveryEdition ? [] : [`edition ${edition.number}`];
  return `aims-${digest([programme, step, ...row, ...of], 40)}-${edition.number}.${edition.release}`;
}

/** Options under which a step is the same in every edition. */
export function keptWhateverEdition(options: PlanOptions): PlanOptions {
  return { ...options, sameInEveryEdition: true };
}

/** A step of an import, and the release that it was sent for. */
export type ImportMark = { step: string; edition: Edition };
const idPattern = /^aims-([0-9a-f]{40})(?:-(\d{1,4})\.([0-9a-f]{12})(?:[.]\d+)?)?$/;
/** What a command id says of an import; `undefined` if it is none of an import. Ids of before there were editions name no release. */
export function importedBy(commandId: string): ImportMark | undefined {
  const found = idPattern.exec(commandId);
  if (!found) return undefined;
  const [, step = '', number = '1', release = ''] = found;
  return { step, edition: { number: Number(number), release } };
}

/** The same step under another command id: one that was sent so many times without an answer. */
export function sentAgain<C extends Command>(command: C, times: number): C {
  return times === 0 ? command : { ...command, commandId: `${command.commandId}.${times}` };
}

/** The reason that an update gives for what it changes. */
export function releaseInWords({ edition, asOf }: PlanOptions): string {
  return `release ${edition.release} as of ${asOf}`;
}

/** The day that a commitment of a year is dated. */
export function committedOn(year: number): IsoDate {
  return `${year}-01-01`;
}
/** The day that spending of a year is dated: its last, or today while the year lasts. */
export function spentOn(year: number, today: IsoDate): IsoDate {
  const lastDay = `${year}-12-31`;
  return today < lastDay ? today : lastDay;
}

/** The command that tells the ledger of a project. */
export function proposalOf(project: Project, options: PlanOptions): Command {
  return {
    ...framesFor(project, options)('ProposeInitiative', 'authority', [project.id], project.proposedOn),
    data: termsOf(project, options),
  };
}

/** What a release says of a project. */
export function termsOf({ id, title, authority, authorityName, totals }: Project, { language }: PlanOptions) {
  const { commitments } = totals;
  return {
    title: { [language]: title === '' ? id : title },
    authority,
    authorityName,
    ...(commitments !== undefined && commitments > 0n && { requestedAmount: commitments }),
  };
}

const letterInWords = { C: 'a commitment (C)', D: 'a disbursement (D)', E: 'expenditure (E)' } as const;
/** Which published column a movement came from, as the record keeps it. */
export function originOf({ letter, published }: Movement): string {
  return `published as ${letterInWords[letter]}${published === '' ? '' : `, transaction ${published.slice(0, 200)}`}`;
}

/** The command that tells the ledger of a movement that it holds nothing of. */
export function movementCommand(movement: Movement, project: Project, options: PlanOptions): Command {
  const { letter, id, year, amount } = movement;
  const frame = framesFor(project, options);
  const row = [project.id, id, letter === 'C' ? 'commitment' : 'disbursement', String(year), amount.toString()];
  const reason = `${originOf(movement)}, below zero`;
  if (letter === 'C')
    return amount > 0n
      ? { ...frame('FundInitiative', 'finance', row, committedOn(year)), data: { fundingId: id, fiscalYear: year, amount } }
      : { ...frame('AdjustFunding', 'finance', row, committedOn(year)), data: { adjustmentId: id, change: amount, reason } };
  const day = spentOn(year, options.today);
  return amount > 0n
    ? { ...frame('RecordSpending', 'authority', row, day), data: { transactionId: id, amount, description: originOf(movement) } }
    : { ...frame('ReverseSpending', 'authority', row, day), data: { reversalId: id, amount: -amount, reason } };
}

/** The first command of an import, dated when the first of its projects began. */
export function establishProgramme(title: string, timeZone: string, occurredOn: IsoDate, options: PlanOptions): Command {
  const { currency, language } = options;
  const data: ProgrammeCommandData['EstablishProgramme'] = {
    title: { [language]: title },
    currency,
    timeZone,
    ceiling: 'none',
    years: 'multi-year',
  };
  return { ...programmeFrame('EstablishProgramme', options), type: 'EstablishProgramme', occurredOn, data };
}

/** What a later release needs if one of its projects began before all that were known: nothing is dated before its programme. */
export function establishEarlier(establishedOn: IsoDate, options: PlanOptions): Command {
  const data = { establishedOn, reason: `${releaseInWords(options)}: a project began before` };
  return { ...programmeFrame('AmendProgramme', options, [establishedOn]), type: 'AmendProgramme', data };
}

/** All of a command to the programme but its type, date and data. */
function programmeFrame(
  step: string,
  options: PlanOptions,
  row: readonly string[] = [],
): Omit<CommandEnvelope, 'occurredOn'> & { programme: string } {
  const { programme, importer } = options;
  return { programme, commandId: commandIdOf(step, row, options), actor: { ...importer, role: 'admin' } };
}
