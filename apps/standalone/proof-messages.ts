import type { CommandOf } from '../../libs/domain/commands.js';
import type { Offset } from '../../libs/event-log/ports.js';

/** The files, the key, the host and the policy that the proof's thread works with; the policy's text is empty if there is none. */
export type ProofData = {
  logFile: string;
  treesFile: string;
  signedFile: string;
  cosignedFile: string;
  documentsFile: string;
  statementsFile: string;
  keyFile: string;
  host: string;
  policy: string;
  /** Whether statements are published; if not, those in the log can be read. */
  publishes: boolean;
};
/** The two works of the thread: one grows trees, signs their heads and has them cosigned, the other makes statements. Neither stops the other. */
export type ProofWork = 'checkpoints' | 'statements';
/**
 * Its messages: trees are grown to an offset, no more is signed, a witness does not cosign or does again, a head waits for cosignatures since a moment
 * (0 if none does), a failure is tried again, a work has failed for good, a statement is to be recorded.
 */
export type ProofNews =
  | { grown: Offset }
  | { refused: string }
  | { troubled: string; grave: boolean }
  | { recovered: string }
  | { waiting: number }
  | { retrying: string; work: ProofWork }
  | { failed: string; work: ProofWork }
  | { publish: CommandOf<'PublishStatement'> };
/** The messages to it: it ends, or what became of the statement that it published last: it is decided, or why it is not. */
export type ProofOrder = 'stop' | { decided: true } | { undecided: string };
