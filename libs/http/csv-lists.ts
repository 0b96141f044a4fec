/** The columns of every list as CSV. Every page has the same columns in the same order, also a page without items. */
import { decimalText } from '../currencies/decimal-text.js';
import type { Asker } from '../projections/readers.js';
import type { Listed, ListedTexts } from '../projections/source.js';
import { isObject } from './is-object.js';
import { csvOf } from './csv.js';

/** `digits` are those of the currency's minor unit; `undefined` if unknown. */
type Column = { name: string; of: (item: object, digits: number | undefined) => unknown };

function at(item: unknown, path: string): unknown {
  let value = item;
  for (const name of path.split('.')) value = isObject(value) ? Reflect.get(value, name) : undefined;
  return value;
}
const text = (value: unknown) => (isObject(value) ? JSON.stringify(value) : value);

const fields = (...paths: string[]): Column[] => paths.map((path) => ({ name: path, of: (item) => text(at(item, path)) }));

/** Two columns per amount: in minor units and in the currency. */
const amounts = (...paths: string[]): Column[] =>
  paths.flatMap((path) => [
    ...fields(path),
    {
      name: `${path}.decimal`,
      of: (item, digits) => {
        const amount = at(item, path);
        return typeof amount === 'string' && digits !== undefined ? decimalText(amount, digits) : undefined;
      },
    },
  ]);

const languages = ['ky', 'ru', 'en'];
/** Text by language: a column for each language of the ledger's pages, and one for all others, as JSON. */
const texts = (path: string): Column[] => [
  ...fields(...languages.map((language) => `${path}.${language}`)),
  {
    name: `${path}.other`,
    of: (item) => {
      const all = at(item, path);
      const others = isObject(all) ? Object.entries(all).filter(([language]) => !languages.includes(language)) : [];
      return others.length > 0 ? JSON.stringify(Object.fromEntries(others)) : undefined;
    },
  },
];

const counts = fields(
  ...['proposed', 'funded', 'spending', 'finalizing', 'finalized', 'cancelled'].map((status) => `initiatives.${status}`),
);
const totals = [
  ...amounts('appropriated', 'funded', 'spent', 'returned', 'available', 'lapsed', 'committed', 'free'),
  ...fields('absorption'),
  ...counts,
];
const money = amounts('funded', 'spent', 'returned', 'available', 'committed', 'free');

const assessment = (of: string): Column[] =>
  fields(...['assessmentId', 'rating', 'narrative', 'on', 'validUntil', 'organisation', 'role', 'position'].map((name) => `${of}.${name}`));

const lists = {
  programmes: [
    ...fields('programme', 'version', 'position', 'lastRecordedAt'),
    ...texts('title'),
    ...fields('currency', 'minorUnits', 'timeZone', 'ceiling', 'years', 'indicators', 'establishedOn'),
    ...totals,
  ],
  heads: fields('programme', 'position', 'hash', 'recordedAt'),
  fiscalYears: [...fields('programme', 'fiscalYear', 'closedOn'), ...totals],
  appropriations: [
    ...fields('programme', 'position', 'fiscalYear', 'adjustmentId'),
    ...amounts('amount', 'change'),
    ...fields('legalBasis', 'occurredOn', 'recordedAt', 'carryOverId', 'initiative', 'source.kind', 'source.party', 'source.agreement'),
  ],
  authorities: [...fields('programme', 'authority', 'name'), ...money, ...counts],
  regions: [...fields('programme', 'region'), ...money, ...counts],
  sources: [...fields('programme', 'source'), ...amounts('appropriated', 'funded')],
  sectors: [...fields('programme', 'sector'), ...money, ...counts],
  series: [
    ...fields('programme', 'period', 'from', 'to', 'group', 'name'),
    ...amounts('appropriated', 'funded', 'spent', 'returned', 'committed'),
    ...counts,
  ],
  initiatives: [
    ...fields('programme', 'initiative', 'version', 'position'),
    ...texts('title'),
    ...fields('authority', 'authorityName', 'region', 'sector', 'status', 'suspended'),
    ...amounts('requestedAmount'),
    ...fields('plannedStart', 'plannedEnd', 'proposedOn', 'firstApproved.on'),
    ...amounts('firstApproved.requestedAmount'),
    ...fields('firstApproved.plannedStart', 'firstApproved.plannedEnd', 'firstSpentOn'),
    ...money,
    ...fields('absorption', 'ended.on'),
    ...amounts('ended.finalValue'),
    ...fields('ended.reason', 'ended.legalBasis', 'lateness.entries', 'lateness.averageDays', 'lateness.longestDays'),
    ...fields('progress.percent', 'progress.on', 'progress.note', 'progress.position', 'spendingAhead'),
    ...assessment('confidence.own'),
    ...assessment('confidence.independent'),
    ...fields('milestones.planned', 'milestones.met', 'milestones.reforecasts', 'milestones.next'),
    ...fields('indicators.defined', 'indicators.results'),
    ...fields('lastOccurredOn', 'lastRecordedAt', 'commitments'),
    ...amounts('transferred'),
  ],
  entries: [
    ...fields('programme', 'position', 'initiative', 'version', 'type', 'occurredOn', 'recordedAt', 'daysLate'),
    ...amounts('change'),
    ...fields('fiscalYear', 'data', 'references', 'refusal.command', 'refusal.code', 'refusal.detail'),
    ...fields('actor.id', 'actor.organisation', 'actor.role', 'actor.onBehalfOf.organisation', 'actor.onBehalfOf.role'),
    ...fields(
      'approvedBy.id',
      'approvedBy.organisation',
      'approvedBy.role',
      'approvedBy.onBehalfOf.organisation',
      'approvedBy.onBehalfOf.role',
    ),
    ...fields('commandId', 'hash'),
  ],
  explanation: [
    ...fields('programme', 'position', 'initiative', 'version', 'type', 'occurredOn', 'recordedAt'),
    ...amounts('effect', 'sum', 'changes.appropriated', 'changes.funded', 'changes.spent', 'changes.returned', 'changes.committed'),
  ],
  commitments: [
    ...fields('programme', 'initiative', 'position', 'commitmentId', 'supplier', 'contract', 'ocid', 'status', 'fiscalYear'),
    ...fields('madeOn', 'plannedEnd'),
    ...amounts('firstAmount', 'amount', 'drawn', 'open'),
    ...fields('changesTotal', 'drawingsTotal', 'released.on', 'released.position'),
    ...amounts('released.amount'),
    ...fields('released.reason', 'released.automatic'),
  ],
  requests: [
    ...fields('programme', 'requestId', 'status', 'command.type', 'command.initiative', 'command.occurredOn', 'command.data'),
    ...amounts('amount'),
    ...fields('waitsFor', 'expiresOn', 'waitedDays', 'submittedOn', 'submittedAt', 'submittedBy.id', 'submittedBy.organisation'),
    ...fields(
      'submittedBy.role',
      'submittedBy.onBehalfOf.organisation',
      'submittedBy.onBehalfOf.role',
      'commandId',
      'digest',
      'position',
      'ended.on',
      'ended.at',
      'ended.by.id',
      'ended.by.organisation',
    ),
    ...fields(
      'ended.by.role',
      'ended.by.onBehalfOf.organisation',
      'ended.by.onBehalfOf.role',
      'ended.reason',
      'ended.position',
      'ended.recorded.from',
      'ended.recorded.to',
    ),
  ],
  notices: fields('programme', 'kind', 'initiative', 'authority', 'fiscalYear', 'percent', 'about', 'since', 'position'),
  milestones: [
    ...fields('programme', 'initiative', 'milestoneId'),
    ...texts('title'),
    ...fields(
      'kind',
      'status',
      'baseline.dueOn',
      'baseline.position',
      'dueOn',
      'metOn',
      'driftDays',
      'reforecasts',
      'forecasts',
      'reports',
    ),
  ],
  indicators: [
    ...fields('programme', 'initiative', 'indicatorId'),
    ...texts('title'),
    ...fields('unit', 'baseline', 'targets', 'latest.resultId', 'latest.periodEnd', 'latest.value', 'results', 'definedOn', 'position'),
  ],
  results: fields(
    ...['programme', 'initiative', 'resultId', 'indicatorId', 'periodEnd', 'value', 'reported', 'reportedOn'],
    ...['corrections', 'position'],
  ),
  initiativeYears: [...fields('programme', 'initiative', 'fiscalYear'), ...money],
  history: [
    ...fields('programme', 'position', 'initiative', 'version', 'type', 'occurredOn', 'recordedAt'),
    ...amounts('data.amount', 'data.change'),
    ...fields(
      'data',
      'context',
      'references',
      'actor.id',
      'actor.organisation',
      'actor.role',
      'actor.onBehalfOf.organisation',
      'actor.onBehalfOf.role',
    ),
    ...fields(
      'approvedBy.id',
      'approvedBy.organisation',
      'approvedBy.role',
      'approvedBy.onBehalfOf.organisation',
      'approvedBy.onBehalfOf.role',
    ),
    ...fields('commandId', 'hash'),
  ],
} as const satisfies Record<string, readonly Column[]>;

export type ListName = keyof typeof lists;

/** The names of a list's columns, in their order. */
export const columnsOf = (list: ListName): string[] => lists[list].map(({ name }) => name);

export type TableOptions = {
  /** Decimal digits of the programme's currency. Digits named by an item itself come first. */
  minorUnits?: number | undefined;
  /** Whether to begin with a byte order mark, without which some spreadsheets take UTF-8 for another encoding. */
  bom: boolean;
};

/** Items of a list as CSV. */
export function tableOf(list: ListName, items: readonly object[], { minorUnits, bom }: TableOptions): string {
  const rows = items.map((item) => {
    const own = at(item, 'minorUnits');
    const digits = typeof own === 'number' ? own : minorUnits;
    return lists[list].map(({ of }) => of(item, digits));
  });
  return csvOf(columnsOf(list), rows, bom);
}

/** Writes a page of a list as CSV. */
export type Tables = (list: ListName, page: Listed<object> | ListedTexts, options: TableOptions, asker: Asker) => Promise<string>;

/** Writes them in this thread. */
export const tables: Tables = (list, page, options) =>
  Promise.resolve(tableOf(list, 'texts' in page ? page.texts.map(parsed) : page.items, options));

function parsed(text: string): object {
  const item: unknown = JSON.parse(text);
  if (!isObject(item)) throw new TypeError('an item of the list is not an object');
  return item;
}
