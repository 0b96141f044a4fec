import type { Offset } from '../../libs/event-log/ports.js';

/** The files, the key, the host and the policy that the proof's thread works with; the policy's text is empty if there is none. */
export type ProofData = {
  logFile: string;
  treesFile: string;
  signedFile: string;
  cosignedFile: string;
  keyFile: string;
  host: string;
  policy: string;
};
/**
 * Its messages: trees are grown to an offset, no more is signed, a witness does not cosign or does again, a head waits for cosignatures since a moment
 * (0 if none does), a failure is tried again, growing has failed for good.
 */
export type ProofNews =
  | { grown: Offset }
  | { refused: string }
  | { troubled: string; grave: boolean }
  | { recovered: string }
  | { waiting: number }
  | { retrying: string }
  | { failed: string };
/** The message that ends it. */
export type ProofOrder = 'stop';
