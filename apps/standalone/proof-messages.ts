import type { Offset } from '../../libs/event-log/ports.js';

/** The files, the key and the host that the proof's thread works with. */
export type ProofData = { logFile: string; treesFile: string; signedFile: string; keyFile: string; host: string };
/** Its messages: trees are grown to an offset, no more is signed, a failure is tried again, growing has failed for good. */
export type ProofNews = { grown: Offset } | { refused: string } | { retrying: string } | { failed: string };
/** The message that ends it. */
export type ProofOrder = 'stop';
