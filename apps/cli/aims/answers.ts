import type { LedgerRecord } from '../../../libs/event-log/record.js';
import type { ImportMark } from './plan.js';
import type { Answer } from './target.js';

/**
 * The outcome of each step of an import. A step that the ledger could not decide has no answer and is sent again. So is a step that was refused while an
 * earlier step of the same initiative was undecided.
 */
export class Answers {
  private readonly answers = new Map<string, Answer>();
  private readonly unanswered = new Map<string, { times: number; position: number }>();
  /** The latest undecided step of each initiative, until it has an answer. */
  private readonly undecided = new Map<string | undefined, { step: string; edition: number; position: number }>();

  get size(): number {
    return this.answers.size;
  }
  get(step: string): Answer | undefined {
    return this.answers.get(step);
  }
  /** How many times a step was sent without an answer. */
  timesUnanswered(step: string): number {
    return this.unanswered.get(step)?.times ?? 0;
  }

  /** @returns whether the record is an answer to its step */
  add(record: LedgerRecord, { step, edition }: ImportMark): boolean {
    const { initiative, position } = record;
    const isUndecided = record.type === 'CommandRefused' && record.data.code === 'undecidable';
    if (isUndecided) this.undecided.set(initiative, { step, edition: edition.number, position });
    if (isUndecided || (record.type === 'CommandRefused' && this.isInDoubt(record, step, edition.number))) {
      this.unanswered.set(step, { times: this.timesUnanswered(step) + 1, position });
      return false;
    }
    if (this.undecided.get(initiative)?.step === step) this.undecided.delete(initiative);
    this.answers.set(
      step,
      record.type === 'CommandRefused' ? { accepted: false, code: record.data.code, detail: record.data.detail } : { accepted: true },
    );
    return true;
  }

  /** Whether an earlier undecided step may have caused a refusal: true for the first refusal after it. */
  private isInDoubt({ initiative }: LedgerRecord, step: string, edition: number): boolean {
    const undecided = this.undecided.get(initiative);
    if (undecided?.edition !== edition || undecided.step === step) return false;
    return (this.unanswered.get(step)?.position ?? 0) < undecided.position;
  }
}
