/** Bytes held at the moment, with one bound for all holders together and one for each holder. */
export class BytesInFlight {
  private all = 0;
  private readonly held = new Map<string, number>();

  constructor(private readonly most: { inAll: number; each: number }) {}

  /** Takes bytes for a holder. @returns a function that gives them back; `undefined` if there is no room */
  take(holder: string, bytes: number): (() => void) | undefined {
    const ofHolder = (this.held.get(holder) ?? 0) + bytes;
    if (this.all + bytes > this.most.inAll || ofHolder > this.most.each) return undefined;
    this.all += bytes;
    this.held.set(holder, ofHolder);
    return () => {
      this.all -= bytes;
      const left = (this.held.get(holder) ?? bytes) - bytes;
      if (left === 0) this.held.delete(holder);
      else this.held.set(holder, left);
    };
  }
}
