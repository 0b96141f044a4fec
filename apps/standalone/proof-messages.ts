import type { CommandOf } from '../../libs/domain/commands.js';
import type { Offset } from '../../libs/event-log/ports.js';

/** The files, the key and the host that the proof's thread works with. */
export type ProofData = {
  logFile: string;
  treesFile: string;
  signedFile: string;
  documentsFile: string;
  statementsFile: string;
  keyFile: string;
  host: string;
  /** Whether statements are published; if not, those in the log can be read. */
  publishes: boolean;
};
/** The two works of the thread: one grows trees and signs their heads, the other makes statements. Neither stops the other. */
export type ProofWork = 'checkpoints' | 'statements';
/** Its messages: trees are grown to an offset, no more is signed, a failure is tried again, a work has failed for good, a statement is to be recorded. */
export type ProofNews =
  | { grown: Offset }
  | { refused: string }
  | { retrying: string; work: ProofWork }
  | { failed: string; work: ProofWork }
  | { publish: CommandOf<'PublishStatement'> };
/** The messages to it: it ends, or what became of the statement that it published last: it is decided, or why it is not. */
export type ProofOrder = 'stop' | { decided: true } | { undecided: string };
