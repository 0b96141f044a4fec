/** Reads the fields of a record that the definition `sums-1` folds, and trusts no others: the maker of the evidence may have written the record. */
import type { InitiativeEventType } from '../../domain/events.js';
import { codePattern } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';
import { trusted } from '../../trusted/trusted.js';
import type { RecordText } from './evidence.js';
import { EvidenceRefused, shown } from './faults.js';
import { countIn, inRecord, matching, objectIn, parsedJson, textIn, type Fields } from './parts.js';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const amount = /^(?:0|-?[1-9]\d{0,17})$/;

/** The fields that every record has, as far as they are read here. */
export type Outline = {
  position: number;
  programme: string;
  type: string;
  recordedAt: string;
  initiative: unknown;
  version: unknown;
  data: Fields;
  context: Fields;
};

/** The outline of a record. @throws {EvidenceRefused} it has none, or is of a schema that is not known */
export function outlineOf({ position, text }: RecordText): Outline {
  const record = parsedJson(text);
  if (record === undefined) throw new EvidenceRefused('record-json', { position });
  const refusing = inRecord(position);
  const fields = objectIn(record, 'record', refusing);
  const outline = {
    programme: textIn(fields['programme'], 'programme', refusing),
    position: countIn(fields['position'], 'position', refusing),
    type: textIn(fields['type'], 'type', refusing),
    recordedAt: matching(fields['recordedAt'], moment, 'recordedAt', 'moment', refusing),
    initiative: fields['initiative'],
    version: fields['version'],
    data: objectIn(fields['data'], 'data', refusing),
    context: objectIn(fields['context'], 'context', refusing),
  };
  if (fields['schema'] !== 1) throw new EvidenceRefused('schema', { position, found: shown(fields['schema']), known: 1 });
  return outline;
}

/** The money field in the data of an event, and whether it may be absent; the names of types that move no money have none. */
const types: Readonly<Record<InitiativeEventType, { money?: string; optional?: true }>> = {
  InitiativeProposed: {},
  InitiativeAmended: {},
  InitiativeFunded: { money: 'amount' },
  FundingAdjusted: { money: 'change' },
  SpendingRecorded: { money: 'amount' },
  SpendingReversed: { money: 'amount' },
  FundsReturned: { money: 'amount' },
  CommitmentMade: { money: 'amount' },
  CommitmentChanged: { money: 'change', optional: true },
  CommitmentReleased: { money: 'amount' },
  FundingTransferred: { money: 'amount' },
  FundsCarriedOver: { money: 'amount' },
  FinalizationStarted: {},
  InitiativeFinalized: {},
  InitiativeCancelled: {},
  InitiativeSuspended: {},
  InitiativeResumed: {},
  MilestonePlanned: {},
  MilestoneReforecast: {},
  MilestoneReported: {},
  ProgressReported: {},
  ConfidenceAssessed: {},
  IndicatorDefined: {},
  ResultReported: {},
  ResultCorrected: {},
};

/** The event of an outline with those fields alone that are folded, amounts as `bigint`. @throws {EvidenceRefused} */
export function eventOf({ position, type, data, context }: Outline): EventRecord {
  const kind = Object.hasOwn(types, type) ? types[trusted<InitiativeEventType>(type)] : undefined;
  if (!kind) throw new EvidenceRefused('event-type', { position, found: shown(type) });
  const { money, optional } = kind;
  const refusing = inRecord(position);
  const year = (value: unknown, at: string): number => {
    const found = countIn(value, at, () => refusing(at, 'year'));
    if (found < 1_000 || found > 9_999) throw refusing(at, 'year');
    return found;
  };
  const amountIn = (value: unknown, at: string) => BigInt(matching(value, amount, at, 'amount', refusing));
  const folded: Record<string, unknown> = {};
  const around: Record<string, unknown> = {};
  if (type === 'InitiativeProposed' || (type === 'InitiativeAmended' && Object.hasOwn(data, 'authority')))
    folded['authority'] = matching(data['authority'], codePattern, 'data.authority', 'code', refusing);
  if (money !== undefined) {
    if (!optional || Object.hasOwn(data, money)) folded[money] = amountIn(data[money], `data.${money}`);
    around['fiscalYear'] = year(context['fiscalYear'], 'context.fiscalYear');
  }
  if (type === 'FundingTransferred' && Object.hasOwn(data, 'to')) folded['to'] = '';
  if ((type === 'SpendingRecorded' || type === 'SpendingReversed') && Object.hasOwn(context, 'commitment')) {
    const { fiscalYear } = objectIn(context['commitment'], 'context.commitment', refusing);
    around['commitment'] = { id: '', fiscalYear: year(fiscalYear, 'context.commitment.fiscalYear') };
  }
  if (type === 'FundsCarriedOver') {
    // An initiative's sums have no appropriations.
    around['appropriated'] = 0n;
    if (Object.hasOwn(context, 'committed')) around['committed'] = amountIn(context['committed'], 'context.committed');
  }
  // Each field that is folded was checked above.
  return trusted<EventRecord>({ type, position, data: folded, context: around });
}
