import { collection } from '../collection.js';
import { filterNames } from './filters.js';
import type { Progress } from '../totals/progress.js';
import type { InitiativeView } from './initiative-view.js';

/** The internal part of an initiative's document. Key: programme/initiative. */
export type InitiativeInternal = {
  /** Code and titles, for search. */
  searched: string;
  progress: Progress;
  daysLate: number;
};

export const initiatives = collection<InitiativeView, InitiativeInternal>({
  name: 'initiatives',
  fields: {
    programme: 'text',
    initiative: 'text',
    status: 'text',
    authority: 'text',
    region: 'text',
    suspended: 'flag',
    requestedAmount: 'money',
    funded: 'money',
    spent: 'money',
    returned: 'money',
    available: 'money',
    proposedOn: 'text',
    plannedEnd: 'text',
    lastRecordedAt: 'text',
    version: 'integer',
    searched: 'text',
  },
  scope: 'programme',
  filters: filterNames,
  sorts: ['initiative', 'requestedAmount', 'funded', 'spent', 'returned', 'available', 'proposedOn', 'plannedEnd', 'lastRecordedAt'],
  version: 'version',
  search: 'searched',
});

export const initiativeKey = (programme: string, initiative: string) => `${programme}/${initiative}`;
