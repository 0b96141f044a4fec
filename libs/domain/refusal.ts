/** Every reason the ledger gives for not doing what a command asks. Stable: callers program against them. */
export const refusalCodes = [
  'forbidden',
  'unknown-programme',
  'unknown-initiative',
  'unknown-funding',
  'unknown-spending',
  'unknown-appropriation',
  'version-mismatch',
  'command-id-reused',
  'programme-exists',
  'appropriation-exists',
  'appropriation-adjustment-exists',
  'appropriation-below-funding',
  'appropriation-exceeded',
  'year-has-open-funds',
  'fiscal-year-closed',
  'fiscal-year-open',
  'fiscal-year-not-over',
  'unknown-fiscal-year',
  'initiative-exists',
  'initiative-suspended',
  'wrong-status',
  'separation-of-duties',
  'funding-exists',
  'funding-exceeded',
  'funding-below-spending',
  'adjustment-exists',
  'transaction-exists',
  'reversal-exists',
  'reversal-exceeds-spending',
  'return-exists',
  'return-exceeds-unspent',
  'unspent-funds',
  'date-out-of-order',
  'period-out-of-order',
  'amount-too-large',
  'nothing-to-amend',
  'title-languages',
  'undecidable',
  'clock-behind',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

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
