import type { Reference } from '../../domain/papers/references.js';
import type { ApprovableType, ApproverRole } from '../../domain/requests/approvals.js';
import type { Actor } from '../../domain/vocabulary.js';
import type { JsonObject } from '../../read-models/ports.js';
import { collection } from '../collection.js';

/** How a request stands as recorded; whether it has expired is derived from the day of reading. */
export const recordedStatuses = ['waiting', 'approved', 'returned', 'withdrawn'] as const;
export type RecordedStatus = (typeof recordedStatuses)[number];

/** A command that waits for a second person, and what became of it. Key: programme/request id. */
export type RequestBody = {
  programme: string;
  requestId: string;
  status: RecordedStatus;
  /** The command as it was sent, with amounts as decimal strings. */
  command: { type: ApprovableType; initiative?: string; occurredOn?: string; data: JsonObject; references?: Reference[] };
  /** The amount that the programme's rule compares, in minor units and without its sign. */
  amount?: string;
  /** Identifies the command as it was sent. */
  digest: string;
  /** The role whose approval it waits for, through `expiresOn`. */
  waitsFor: ApproverRole;
  expiresOn: string;
  submittedOn: string;
  submittedAt: string;
  submittedBy: Actor;
  /** The id of the command that waits. */
  commandId: string;
  /** Of the record that submitted it. */
  position: number;
  /** How it ended; absent while it waits. */
  ended?: {
    on: string;
    at: string;
    by: Actor;
    position: number;
    reason?: string;
    /** The positions of what an approval recorded; absent if it was nothing new. */
    recorded?: { from: number; to: number };
  };
};

/** The fields by which requests are found. */
export type RequestInternal = {
  /** The organisation and id of its sender. */
  sender: string;
  /** The ministries that see it: its sender's, and the one that approves it. Finance, auditors and admins see every request. */
  seenBy: string[];
  initiative?: string;
};

export const requests = collection<RequestBody, RequestInternal>({
  name: 'requests',
  fields: {
    programme: 'text',
    status: 'text',
    waitsFor: 'text',
    expiresOn: 'text',
    sender: 'text',
    seenBy: 'set',
    initiative: 'text',
    position: 'integer',
  },
  scope: 'programme',
  filters: ['status', 'waitsFor', 'expiresOn', 'sender', 'seenBy', 'initiative'],
  sorts: ['position'],
});

export const requestKey = (programme: string, requestId: string) => `${programme}/${requestId}`;
export const senderOf = ({ organisation, id }: Pick<Actor, 'organisation' | 'id'>) => `${organisation}/${id}`;
