/** The commands that a row may give: their words, the columns that they need and take, and what they send. */
import type { CommandData } from '../domain/commands.js';
import { comparable } from './headers.js';
import type { ValueName, Values } from './row-values.js';

export type RowCommandType =
  'ProposeInitiative' | 'FundInitiative' | 'RecordSpending' | 'ReverseSpending' | 'ReturnFunds' | 'GrantAppropriation';

/** A command's type and data. */
export type RowCommand = { [T in RowCommandType]: { type: T; data: CommandData[T] } }[RowCommandType];
/** Who sends a command: the initiative's authority or finance. */
export type Side = 'authority' | 'finance';

export type RowKind = {
  type: RowCommandType;
  side: Side;
  /** Whether the command goes to the programme, and so names no initiative. */
  toProgramme: boolean;
  needs: readonly ValueName[];
  takes: readonly ValueName[];
  /** `undefined` if a needed value is missing. */
  build(values: Partial<Values>): RowCommand | undefined;
};

function rowKind<N extends ValueName, T extends ValueName>(
  type: RowCommandType,
  side: Side,
  { needs, takes }: { needs: readonly N[]; takes: readonly T[] },
  build: (values: Pick<Values, N> & Partial<Pick<Values, T>>) => RowCommand,
): RowKind {
  const hasAll = (values: Partial<Values>): values is Pick<Values, N> & Partial<Values> =>
    needs.every((name) => values[name] !== undefined);
  return {
    type,
    side,
    toProgramme: type === 'GrantAppropriation',
    needs,
    takes,
    build: (values) => (hasAll(values) ? build(values) : undefined),
  };
}

/** By their words in English. */
export const rowKinds = {
  propose: rowKind(
    'ProposeInitiative',
    'authority',
    { needs: ['initiative', 'date', 'title', 'authority'], takes: ['amount', 'region', 'plannedStart', 'plannedEnd'] },
    ({ title, authority, amount, region, plannedStart, plannedEnd }) => ({
      type: 'ProposeInitiative',
      data: {
        title,
        authority,
        ...(amount !== undefined && { requestedAmount: amount }),
        ...(plannedStart !== undefined && { plannedStart }),
        ...(plannedEnd !== undefined && { plannedEnd }),
        ...(region !== undefined && { region }),
      },
    }),
  ),
  fund: rowKind(
    'FundInitiative',
    'finance',
    { needs: ['initiative', 'date', 'amount', 'id', 'fiscalYear'], takes: [] },
    ({ id, fiscalYear, amount }) => ({ type: 'FundInitiative', data: { fundingId: id, fiscalYear, amount } }),
  ),
  spend: rowKind(
    'RecordSpending',
    'authority',
    { needs: ['initiative', 'date', 'amount', 'id'], takes: ['payee', 'description', 'authority'] },
    ({ id, amount, payee, description }) => ({
      type: 'RecordSpending',
      data: {
        transactionId: id,
        amount,
        ...(payee !== undefined && { payee }),
        ...(description !== undefined && { description }),
      },
    }),
  ),
  reverse: rowKind(
    'ReverseSpending',
    'authority',
    { needs: ['initiative', 'date', 'amount', 'id', 'of', 'reason'], takes: ['authority'] },
    ({ id, of, amount, reason }) => ({ type: 'ReverseSpending', data: { reversalId: id, transactionId: of, amount, reason } }),
  ),
  return: rowKind(
    'ReturnFunds',
    'authority',
    { needs: ['initiative', 'date', 'amount', 'id', 'fiscalYear'], takes: ['reason', 'authority'] },
    ({ id, fiscalYear, amount, reason }) => ({
      type: 'ReturnFunds',
      data: { returnId: id, fiscalYear, amount, ...(reason !== undefined && { reason }) },
    }),
  ),
  appropriate: rowKind(
    'GrantAppropriation',
    'finance',
    { needs: ['date', 'amount', 'fiscalYear', 'legalBasis'], takes: [] },
    ({ fiscalYear, amount, legalBasis }) => ({ type: 'GrantAppropriation', data: { fiscalYear, amount, legalBasis } }),
  ),
} as const satisfies Record<string, RowKind>;
export type RowWord = keyof typeof rowKinds;

/** The words for each command, in English, Russian and Kyrgyz; the first of each language is the one that the documentation shows. */
export const commandWords: { readonly [W in RowWord]: Readonly<Record<'en' | 'ru' | 'ky', readonly string[]>> } = {
  propose: { en: ['propose'], ru: ['предложить', 'предложение'], ky: ['сунуштоо', 'сунуш'] },
  fund: { en: ['fund'], ru: ['профинансировать', 'финансирование'], ky: ['каржылоо'] },
  spend: { en: ['spend'], ru: ['израсходовать', 'расход', 'платёж'], ky: ['сарптоо', 'чыгым', 'төлөм'] },
  reverse: { en: ['reverse'], ru: ['отменить', 'отмена'], ky: ['жокко чыгаруу'] },
  return: { en: ['return'], ru: ['вернуть', 'возврат'], ky: ['кайтаруу'] },
  appropriate: { en: ['appropriate'], ru: ['ассигновать', 'ассигнование'], ky: ['каражат бөлүү'] },
};

const wordOf: ReadonlyMap<string, RowWord> = new Map(
  Object.keys(commandWords)
    .filter(isRowWord)
    .flatMap((word) => Object.values(commandWords[word]).flatMap((words) => words.map((one) => [comparable(one), word] as const))),
);

function isRowWord(word: string): word is RowWord {
  return Object.hasOwn(rowKinds, word);
}

/** The command that a word in any of the three languages means. */
export function rowWordOf(text: string): RowWord | undefined {
  return wordOf.get(comparable(text));
}
