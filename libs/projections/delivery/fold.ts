/** Folds events about delivery into the documents of milestones, indicators and results. */
import type { EventRecord } from '../../event-log/record.js';
import type { JsonObject } from '../../read-models/ports.js';
import type { BatchDocuments } from '../batch-documents.js';
import type { Changed, Projection } from '../projection.js';
import { streamOf } from '../records/collection.js';
import { deliveryKey, indicators, milestones, results, type DeliveryDocuments } from './collections.js';

export const deliveryProjection: Projection = {
  collections: [milestones.collection, indicators.collection, results.collection],
  async fold(documents, changed) {
    const events = eventsIn(changed);
    await foldInto(documents, milestones, events);
    await foldInto(documents, indicators, events);
    await foldInto(documents, results, events);
  },
};

function eventsIn(changed: readonly Changed[]): EventRecord[] {
  return changed.flatMap(({ recorded: { record } }) => (record.type === 'CommandRefused' ? [] : [record]));
}

async function foldInto<B extends JsonObject>(
  documents: BatchDocuments,
  { collection, idIn, after }: DeliveryDocuments<B>,
  events: readonly EventRecord[],
): Promise<void> {
  const touched = events.flatMap((event) => {
    const id = idIn(event);
    return id === undefined ? [] : [{ event, key: deliveryKey(event, id) }];
  });
  if (touched.length === 0) return;
  await documents.load(collection, new Set(touched.map(({ key }) => key)));
  for (const { event, key } of touched) {
    const known = documents.get(collection, key);
    if (known && known.position >= event.position) continue;
    const body = after(known?.body, event);
    if (body) documents.set(collection, key, event.position, { body, internal: { stream: streamOf(event.programme, event.initiative) } });
  }
}
