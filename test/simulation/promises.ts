/** What the ledger promises, and the first promise it broke. */
export class LedgerPromises {
  broken: string | undefined;

  /** Notes what is broken unless it holds. */
  hold(holds: boolean, otherwise: () => string): void {
    if (!holds) this.broken ??= otherwise();
  }
}
