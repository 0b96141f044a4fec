/** Makes commands from a published project: their actor, their date, and ids that are the same at every import of the same release. */
import type { Command, CommandEnvelope, InitiativeCommandType, ProgrammeCommandData } from '../../../libs/domain/commands.js';
import type { Actor, IsoDate } from '../../../libs/domain/vocabulary.js';
import { digest } from './names.js';
import type { Movement, Project } from './published.js';

/** An imported release: the first is edition 1, and each later one, imported with `--update`, adds 1. */
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
  /** The organisation on whose behalf the import funds and signs off. */
  finance: string;
  today: IsoDate;
  /** The day of the published status, and of projects without any date. */
  asOf: IsoDate;
  edition: Edition;
  /** Steps have the same ids in every edition, so that a step is sent only once. */
  sameInEveryEdition?: true;
};

type Side = 'authority' | 'finance';
/** A command to an initiative without its data. The command id is made from `row`, programme, type and edition. */
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

/** A command's id names its step and its release. The same step in a later edition gets another id. */
export function commandIdOf(step: string, row: readonly string[], { programme, edition, sameInEveryEdition }: PlanOptions): string {
  const of = edition.number === 1 || sameInEveryEdition ? [] : [`edition ${edition.number}`];
  return `aims-${digest([programme, step, ...row, ...of], 40)}-${edition.number}.${edition.release}`;
}

/** Options with which a step has the same id in every edition. */
export function keptWhateverEdition(options: PlanOptions): PlanOptions {
  return { ...options, sameInEveryEdition: true };
}

/** A step of an import, and its release. */
export type ImportMark = { step: string; edition: Edition };
const idPattern = /^aims-([0-9a-f]{40})(?:-(\d{1,4})\.([0-9a-f]{12})(?:[.]\d+)?)?$/;
/** The step and release in an import's command id; `undefined` for other ids. Ids made before editions existed name no release. */
export function importedBy(commandId: string): ImportMark | undefined {
  const found = idPattern.exec(commandId);
  if (!found) return undefined;
  const [, step = '', number = '1', release = ''] = found;
  return { step, edition: { number: Number(number), release } };
}

/** The same step under another command id, after `times` attempts without an answer. */
export function sentAgain<C extends Command>(command: C, times: number): C {
  return times === 0 ? command : { ...command, commandId: `${command.commandId}.${times}` };
}

/** The reason of an update's changes. */
export function releaseInWords({ edition, asOf }: PlanOptions): string {
  return `release ${edition.release} as of ${asOf}`;
}

/** The date of a year's commitments. */
export function committedOn(year: number): IsoDate {
  return `${year}-01-01`;
}
/** The date of a year's spending: its last day, or today if the year has not ended. */
export function spentOn(year: number, today: IsoDate): IsoDate {
  const lastDay = `${year}-12-31`;
  return today < lastDay ? today : lastDay;
}

/** The command that proposes a project. */
export function proposalOf(project: Project, options: PlanOptions): Command {
  return {
    ...framesFor(project, options)('ProposeInitiative', 'authority', [project.id], project.proposedOn),
    data: termsOf(project, options),
  };
}

/** The terms of a project in a release. */
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
/** The origin of a movement, in words that the record keeps. */
export function originOf({ letter, published }: Movement): string {
  return `published as ${letterInWords[letter]}${published === '' ? '' : `, transaction ${published.slice(0, 200)}`}`;
}

/** The command for a movement that has no entry in the ledger. */
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

/** The first command of an import, dated on the day its first project began. */
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

/** Moves the programme's establishment back if a project of a later release began before it: no entry may be dated before its programme. */
export function establishEarlier(establishedOn: IsoDate, options: PlanOptions): Command {
  const data = { establishedOn, reason: `${releaseInWords(options)}: a project began before` };
  return { ...programmeFrame('AmendProgramme', options, [establishedOn]), type: 'AmendProgramme', data };
}

/** A command to the programme without type, date and data. */
function programmeFrame(
  step: string,
  options: PlanOptions,
  row: readonly string[] = [],
): Omit<CommandEnvelope, 'occurredOn'> & { programme: string } {
  const { programme, importer } = options;
  return { programme, commandId: commandIdOf(step, row, options), actor: { ...importer, role: 'admin' } };
}
