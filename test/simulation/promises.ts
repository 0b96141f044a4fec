/** The first promise that the ledger broke. */
export class LedgerPromises {
  broken: string | undefined;

  /** Notes a broken promise unless it holds. */
  hold(holds: boolean, otherwise: () => string): void {
    if (!holds) this.broken ??= otherwise();
  }
}
