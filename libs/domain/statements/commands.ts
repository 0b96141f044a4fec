/** What a statement's documents are. A definition never changes: other documents get another name. */
export const statementDefinitions = ['sums-1'] as const;
export type StatementDefinition = (typeof statementDefinitions)[number];

/** The data of every command about statements. A statement commits the ledger to every document of a programme, as folded to one position. */
export type StatementCommandData = {
  /** Asks the ledger to make a statement now. */
  OrderStatement: { reason?: string };
  /**
   * `root` (hex) is that of the Merkle tree over the `size` documents, folded to `position`; `definition` names what a document is. Only a fold of the
   * records shows whether it is true.
   */
  PublishStatement: { position: number; size: number; root: string; definition: StatementDefinition };
};
