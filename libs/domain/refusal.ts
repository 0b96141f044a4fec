import type { RefusalCode } from './capabilities.js';

/** The figures behind a refusal, in minor units, so that programs need not parse the sentence. */
export type RefusalFigures = { readonly available?: bigint; readonly requested?: bigint; readonly committed?: bigint };

/** A rule forbids the command. `message` is a sentence with the rule and the figures. */
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
