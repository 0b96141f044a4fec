import type { RefusalCode } from './capabilities.js';

/** The figures behind a refusal, in minor units, so that a program need not parse the sentence. */
export type RefusalFigures = { readonly available?: bigint; readonly requested?: bigint };

/** A rule said no. `message` gives the rule and the figures in a sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    detail: string,
    readonly figures: RefusalFigures = {},
  ) {
    super(detail);
  }
}

/** Ends a decision. @throws {Refusal} always */
export function refuse(code: RefusalCode, detail: string, figures?: RefusalFigures): never {
  throw new Refusal(code, detail, figures);
}
