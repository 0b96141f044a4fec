/** The processor's states of programmes, initiatives, movements, requests and commands, and their keys. */
import type { Kept, KeptKey, Initiative, Programme, Request } from '../domain/state.js';
import type { Instant } from '../domain/vocabulary.js';
import type { Outcome, Receipt } from './outcome.js';

/** A movement, or a thing of delivery, with the receipt of the command that made it: the same content under another command id gets this receipt. */
export type MovementState = Kept & { readonly receipt: Receipt };
/** Holds the place of a movement that waits for a second person: the receipt of its request, which names it. */
export type HeldMovement = { readonly receipt: Receipt & { readonly requestId: string } };
/** A programme with the receipt of its establishment. */
export type ProgrammeState = Programme & { readonly receipt: Receipt };
/** A decided command, kept for {@link repeatWindow}. */
export type CommandState = { readonly digest: string; readonly recordedAt: Instant; readonly outcome: Outcome };

/** How long a command id is remembered, in milliseconds: 48 h. */
export const repeatWindow = 48 * 60 * 60 * 1000;

/** Every state, by the kind of its key. */
export type StateByKind = {
  programme: ProgrammeState;
  initiative: Initiative;
  movement: MovementState | HeldMovement;
  command: CommandState;
  request: Request;
};
export type Kind = keyof StateByKind;
/** A key, typed by the kind of state under it. */
export type Key<K extends Kind = Kind> = { readonly kind: K; readonly text: string };

export const programmeKey = (programme: string): Key<'programme'> => ({ kind: 'programme', text: `p/${programme}` });
export const initiativeKey = (programme: string, initiative: string): Key<'initiative'> => ({
  kind: 'initiative',
  text: `i/${programme}/${initiative}`,
});
export const movementKey = ({ programme, initiative, kind, id }: KeptKey): Key<'movement'> => ({
  kind: 'movement',
  text: `m/${programme}/${initiative ?? ''}/${kind}/${id}`,
});
export const requestKey = (programme: string, requestId: string): Key<'request'> => ({
  kind: 'request',
  text: `r/${programme}/${requestId}`,
});
export const commandKey = (programme: string, organisation: string, commandId: string): Key<'command'> => ({
  kind: 'command',
  text: `c/${programme}/${organisation}/${commandId}`,
});

/** The new state under a key. */
export type Change = { [K in Kind]: { readonly key: Key<K>; readonly value: StateByKind[K] } }[Kind];

/** Whether what is under a movement's key is only the place of one that waits. */
export function isHeld(state: MovementState | HeldMovement): state is HeldMovement {
  return !('kind' in state);
}
