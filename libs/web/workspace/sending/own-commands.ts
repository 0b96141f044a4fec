import { problemOf } from '../../../http/problem.js';
import type { SubmittedLines } from '../../../http/submitted-lines.js';
import { decisionIn, decisionOf, type CommandSender } from './command-sender.js';

/** Sends commands to the ledger in this process. */
export function ownCommands(submitted: SubmittedLines): CommandSender {
  return {
    async send(programme, lines, { actor }, { dryRun }) {
      const texts = lines.map((line) => JSON.stringify(line));
      try {
        return decisionIn(await submitted.submit(texts, programme, actor, { dryRun, atomic: lines.length > 1 }));
      } catch (error) {
        const decision = decisionOf(problemOf(error).problem);
        if (!decision) throw error;
        return decision;
      }
    },
    sendEach: (programme, lines, { actor }, { dryRun }) => submitted.submit(lines, programme, actor, { dryRun, atomic: false }),
  };
}
