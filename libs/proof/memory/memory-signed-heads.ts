import type { SignedHead, SignedHeads } from '../ports.js';

/** Signed heads in memory, for tests. */
export class MemorySignedHeads implements SignedHeads {
  private readonly heads = new Map<string, Map<string, SignedHead>>();

  begin(key: string): Promise<void> {
    if (!this.heads.has(key)) this.heads.set(key, new Map());
    return Promise.resolve();
  }
  knows(key: string): Promise<boolean> {
    return Promise.resolve(this.heads.has(key));
  }
  last(key: string, programme: string): Promise<SignedHead | undefined> {
    return Promise.resolve(this.heads.get(key)?.get(programme));
  }
  key(): Promise<string | undefined> {
    return Promise.resolve([...this.heads.keys()].at(-1));
  }
  latest(programme: string): Promise<SignedHead | undefined> {
    return Promise.resolve(this.ofLedger?.get(programme));
  }
  programmes(): Promise<string[]> {
    return Promise.resolve([...(this.ofLedger?.keys() ?? [])].sort());
  }

  remember(key: string, programme: string, head: SignedHead, previous: SignedHead | undefined): Promise<boolean> {
    const heads = this.heads.get(key);
    if (!heads) return Promise.reject(new Error(`the key ${key} was not begun`));
    if (heads.get(programme)?.note !== previous?.note) return Promise.resolve(false);
    heads.set(programme, head);
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private get ofLedger(): Map<string, SignedHead> | undefined {
    return [...this.heads.values()].at(-1);
  }
}
