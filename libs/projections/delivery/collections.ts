/** The collections of what initiatives deliver, each with its fold: which events change a document of it, and how. */
import type { EventRecord } from '../../event-log/record.js';
import type { JsonObject } from '../../read-models/ports.js';
import { collection, type Collection } from '../collection.js';
import { streamOf } from '../records/collection.js';
import { indicatorAfter, resultAfter, type IndicatorView, type ResultView } from './indicator.js';
import { milestoneAfter, type MilestoneContent } from './milestone.js';

/** The initiative of a document: programme/initiative. */
type OfInitiative = { stream: string };

/** One kind of thing: its documents, the id of the one that an event changes, and that document after the event. */
export type DeliveryDocuments<B extends JsonObject> = {
  readonly collection: Collection<B, OfInitiative>;
  readonly idIn: (event: EventRecord) => string | undefined;
  readonly after: (known: B | undefined, event: EventRecord) => B | undefined;
};

export const milestones: DeliveryDocuments<MilestoneContent> = {
  collection: collection({
    name: 'milestones',
    fields: { stream: 'text', milestoneId: 'text' },
    scope: 'stream',
    filters: [],
    sorts: ['milestoneId'],
  }),
  idIn(event) {
    const isOne = event.type === 'MilestonePlanned' || event.type === 'MilestoneReforecast' || event.type === 'MilestoneReported';
    return isOne ? event.data.milestoneId : undefined;
  },
  after: milestoneAfter,
};

export const indicators: DeliveryDocuments<IndicatorView> = {
  collection: collection({
    name: 'indicators',
    fields: { stream: 'text', indicatorId: 'text' },
    scope: 'stream',
    filters: [],
    sorts: ['indicatorId'],
  }),
  idIn(event) {
    if (event.type === 'ResultCorrected') return event.context.indicatorId;
    return event.type === 'IndicatorDefined' || event.type === 'ResultReported' ? event.data.indicatorId : undefined;
  },
  after: indicatorAfter,
};

export const results: DeliveryDocuments<ResultView> = {
  collection: collection({
    name: 'results',
    fields: { stream: 'text', indicatorId: 'text', position: 'integer' },
    scope: 'stream',
    filters: ['indicatorId'],
    sorts: ['position'],
  }),
  idIn: (event) => (event.type === 'ResultReported' || event.type === 'ResultCorrected' ? event.data.resultId : undefined),
  after: resultAfter,
};

/** The key of a document: programme/initiative/id. */
export function deliveryKey({ programme, initiative }: Pick<EventRecord, 'programme' | 'initiative'>, id: string): string {
  return `${streamOf(programme, initiative)}/${id}`;
}
