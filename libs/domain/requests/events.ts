import type { IsoDate, Nothing } from '../vocabulary.js';
import type { ApprovableCommand, ApproverRole } from './approvals.js';
import type { RequestCommandData } from './commands.js';

/** An `Omit` of each member of a union. */
type OmitOfEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A command that waits, as it was sent. Its sender is the actor of its event. */
export type HeldCommand = OmitOfEach<ApprovableCommand, 'programme' | 'commandId' | 'actor' | 'correlationId'>;

/** Events of requests. They are events of the programme, with its versions; `context` is what readers need to fold them. */
export type RequestEvents = {
  /** `digest` identifies the command as sent; `role` is whose approval it waits for, through `expiresOn`. */
  CommandSubmitted: {
    data: { requestId: string; command: HeldCommand; digest: string; role: ApproverRole; expiresOn: IsoDate };
    /** The authority that ran the command’s initiative when it was sent. */
    context: { authority?: string };
  };
  /** The events of the held command follow it in the same append; none if the same, by content, had happened already. */
  RequestApproved: { data: RequestCommandData['ApproveRequest']; context: Nothing };
  RequestReturned: { data: RequestCommandData['ReturnRequest']; context: Nothing };
  RequestWithdrawn: { data: RequestCommandData['WithdrawRequest']; context: Nothing };
};

const ofRequests: { readonly [T in keyof RequestEvents]: true } = {
  CommandSubmitted: true,
  RequestApproved: true,
  RequestReturned: true,
  RequestWithdrawn: true,
};
/** Whether an event, or its record, begins or ends a request. */
export function isOfRequest<E extends { readonly type: string }>(event: E): event is Extract<E, { readonly type: keyof RequestEvents }> {
  return Object.hasOwn(ofRequests, event.type);
}
