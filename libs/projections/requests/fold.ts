/** Folds the documents of requests. */
import { amountOf } from '../../domain/requests/approvals.js';
import type { EventOf } from '../../domain/events.js';
import { isOfRequest, type RequestEvents } from '../../domain/requests/events.js';
import { partyOf } from '../../domain/separation-of-duties.js';
import { toWire, type EventRecord, type LedgerRecord } from '../../event-log/record.js';
import type { BatchDocuments } from '../batch-documents.js';
import type { Content } from '../collection.js';
import type { Projection } from '../projection.js';
import type { Recorded } from '../records/recorded.js';
import { requestKey, requests, senderOf, type RecordedStatus, type RequestBody, type RequestInternal } from './collection.js';

/** The status of a request after each event. */
const statusAfter = {
  CommandSubmitted: 'waiting',
  RequestApproved: 'approved',
  RequestReturned: 'returned',
  RequestWithdrawn: 'withdrawn',
} as const satisfies { [T in keyof RequestEvents]: RecordedStatus };
type RequestRecord = EventRecord & EventOf<keyof RequestEvents>;
type Amendment = EventRecord & EventOf<'InitiativeAmended'>;

export const requestsProjection: Projection = {
  collections: [requests],
  async fold(documents, changed) {
    const records = changed.map(({ recorded }) => recorded.record);
    const touched = records.filter(isOfRequest);
    const moves = records.filter(changesAuthority);
    if (touched.length + moves.length === 0) return;
    await documents.load(requests, new Set(touched.map(({ programme, data }) => requestKey(programme, data.requestId))));
    for (const { programme, initiative } of moves)
      await documents.loadFound(requests, { scope: programme, equals: { initiative, ...waitingForMinistry } });
    for (const { recorded } of changed) {
      const { record } = recorded;
      if (changesAuthority(record)) showToNewAuthority(documents, record);
      if (!isOfRequest(record)) continue;
      const key = requestKey(record.programme, record.data.requestId);
      if (record.position <= documents.positionOf(requests, key)) continue;
      const after = record.type === 'CommandSubmitted' ? submitted(record) : ended(documents.get(requests, key), record, recorded);
      if (after) documents.set(requests, key, record.position, after);
    }
  },
};

const waitingForMinistry = { status: 'waiting', waitsFor: 'ministry' } as const;

function changesAuthority(record: LedgerRecord): record is Amendment {
  return record.type === 'InitiativeAmended' && record.context.moved !== undefined;
}

/** A request that waits for the ministry of its initiative waits for the new one from now on. */
function showToNewAuthority(documents: BatchDocuments, { programme, initiative, position, context }: Amendment): void {
  for (const key of documents.keysOf(requests)) {
    const request = documents.get(requests, key);
    if (!request || request.position >= position) continue;
    const { body, internal } = request;
    if (body.programme !== programme || internal.initiative !== initiative) continue;
    if (body.status !== waitingForMinistry.status || body.waitsFor !== waitingForMinistry.waitsFor) continue;
    const { organisation } = partyOf(body.submittedBy);
    documents.set(requests, key, position, { body, internal: { ...internal, seenBy: seenBy(organisation, context.authority) } });
  }
}

function seenBy(...organisations: string[]): string[] {
  return [...new Set(organisations)];
}

function submitted(record: Extract<RequestRecord, { type: 'CommandSubmitted' }>): Content<RequestBody, RequestInternal> {
  const { programme, position, data, context, occurredOn, recordedAt, actor, commandId } = record;
  const { requestId, command, digest, role, expiresOn } = data;
  const amount = amountOf(command);
  const { organisation } = partyOf(actor);
  return {
    body: {
      programme,
      requestId,
      status: 'waiting',
      command: {
        type: command.type,
        ...(command.initiative !== undefined && { initiative: command.initiative }),
        ...(command.occurredOn !== undefined && { occurredOn: command.occurredOn }),
        data: { ...toWire(command.data) },
        ...(command.references && { references: command.references.map((one) => ({ ...one })) }),
      },
      ...(amount !== undefined && { amount: amount.toString() }),
      digest,
      waitsFor: role,
      expiresOn,
      submittedOn: occurredOn,
      submittedAt: recordedAt,
      submittedBy: actor,
      commandId,
      position,
    },
    internal: {
      sender: senderOf(actor),
      seenBy: seenBy(organisation, ...(role === 'ministry' && context.authority !== undefined ? [context.authority] : [])),
      ...(command.initiative !== undefined && { initiative: command.initiative }),
    },
  };
}

/** The request with its end; `undefined` for one that is unknown, as a damaged history may have. */
function ended(
  before: Content<RequestBody, RequestInternal> | undefined,
  { type, data, occurredOn, recordedAt, actor, position }: Exclude<RequestRecord, { type: 'CommandSubmitted' }>,
  { command }: Recorded,
): Content<RequestBody, RequestInternal> | undefined {
  if (!before) return undefined;
  const following = (command?.count ?? 1) - 1;
  const end = {
    on: occurredOn,
    at: recordedAt,
    by: actor,
    position,
    ...('reason' in data && { reason: data.reason }),
    ...(following > 0 && { recorded: { from: position + 1, to: position + following } }),
  };
  return { body: { ...before.body, status: statusAfter[type], ended: end }, internal: before.internal };
}
