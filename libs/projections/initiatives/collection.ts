import { statuses } from '../../domain/vocabulary.js';
import { collection } from '../collection.js';
import type { Progress } from '../totals/progress.js';
import type { DeliveryKept } from '../delivery/initiative-delivery.js';
import type { Noticed } from '../notices/noticed.js';
import type { InitiativeView } from './initiative-view.js';

/** The internal part of an initiative's document. Key: programme/initiative. */
export type InitiativeInternal = {
  /** Code and titles, for search. */
  searched: string;
  progress: Progress;
  daysLate: number;
  /** Fiscal years with movements, and those with money that is neither spent nor returned. */
  years: number[];
  openYears: number[];
  noticed: Noticed;
  registeredAfterStart: boolean;
  /** The position of its first funding; absent before. */
  firstFundedAt?: number;
  /** What is open of its delivery; absent while there are no milestones and no indicators. */
  kept?: DeliveryKept;
  /** When the next milestone is expected, when the first period without a result ended, and until when its assessments count. */
  milestoneDue?: string;
  resultDue?: string;
  assessedUntil?: string;
  /** Whether it is red or amber while spending is ahead of progress. */
  atRisk?: boolean;
};

export const initiatives = collection<InitiativeView, InitiativeInternal>({
  name: 'initiatives',
  fields: {
    programme: 'text',
    initiative: 'text',
    status: 'text',
    authority: 'text',
    region: 'text',
    sector: 'text',
    suspended: 'flag',
    registeredAfterStart: 'flag',
    atRisk: 'flag',
    milestoneDue: 'text',
    resultDue: 'text',
    assessedUntil: 'text',
    years: 'set',
    openYears: 'set',
    requestedAmount: 'money',
    funded: 'money',
    spent: 'money',
    returned: 'money',
    available: 'money',
    absorption: 'number',
    proposedOn: 'text',
    plannedStart: 'text',
    plannedEnd: 'text',
    lastRecordedAt: 'text',
    version: 'integer',
    searched: 'text',
  },
  scope: 'programme',
  dividedBy: { field: 'status', values: statuses, sorts: ['initiative', 'funded', 'spent', 'available', 'lastRecordedAt'] },
  filters: [
    ...['status', 'authority', 'region', 'sector', 'suspended', 'registeredAfterStart', 'years', 'openYears'],
    ...['absorption', 'plannedEnd', 'lastRecordedAt'],
    ...['atRisk', 'milestoneDue', 'resultDue', 'assessedUntil'],
  ],
  sorts: [
    ...['initiative', 'requestedAmount', 'funded', 'spent', 'returned', 'available', 'absorption'],
    ...['proposedOn', 'plannedStart', 'plannedEnd', 'lastRecordedAt'],
  ],
  version: 'version',
  search: 'searched',
});

export const initiativeKey = (programme: string, initiative: string) => `${programme}/${initiative}`;
