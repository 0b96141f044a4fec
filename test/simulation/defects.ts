/** Faults put into the ledger on purpose, each in one of its parts, to show that the simulation finds them. */
export const defects = [
  'answer before append',
  'skip the fence',
  'checkpoint before document',
  'forget deduplication on restart',
  'drop a refusal',
  'off by one in replay',
  'fold what a document already holds',
  're-acquire after being fenced',
] as const;
export type Defect = (typeof defects)[number];
