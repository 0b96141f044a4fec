import { onAbort } from './on-abort.js';

/** The queue is full, and this client has the most waiting. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

type Waiting = { begin: () => void; refuse: (error: Error) => void };

/**
 * Bounds how many pieces of work run at once and how many wait. Clients take turns, however many each has waiting. When the queue overflows, it refuses the
 * newest piece of the client that has the most waiting.
 */
export class FairQueue {
  private running = 0;
  private waiting = 0;
  /** In the order of their turns, the next one first. */
  private readonly clients = new Map<string, Waiting[]>();

  constructor(private readonly most: { atOnce: number; waiting: number }) {}

  /** @throws {TooManyWaiting} @throws the signal's reason if it is aborted before the turn comes */
  async run<T>(client: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.turn(client, signal);
    try {
      return await work();
    } finally {
      this.running--;
      this.beginNext();
    }
  }

  private turn(client: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.running < this.most.atOnce) {
      this.running++;
      return Promise.resolve();
    }
    return new Promise((begin, refuse) => {
      const own: Waiting = {
        begin: () => {
          ignore();
          begin();
        },
        refuse: (error) => {
          ignore();
          refuse(error);
        },
      };
      const ignore = onAbort(signal, (reason) => {
        if (this.remove(client, own)) own.refuse(reason);
      });
      this.clients.set(client, [...(this.clients.get(client) ?? []), own]);
      this.waiting++;
      if (this.waiting > this.most.waiting) this.refuseOne();
    });
  }

  private beginNext(): void {
    const next = this.clients.entries().next().value;
    if (!next) return;
    const [client, [first, ...rest]] = next;
    this.clients.delete(client);
    if (rest.length > 0) this.clients.set(client, rest);
    if (!first) return;
    this.waiting--;
    this.running++;
    first.begin();
  }

  private refuseOne(): void {
    const [greediest] = [...this.clients].sort(([, one], [, other]) => other.length - one.length);
    const last = greediest?.[1].at(-1);
    if (!greediest || !last) return;
    this.remove(greediest[0], last);
    last.refuse(new TooManyWaiting(`${this.most.waiting} reads are waiting already; ask again`));
  }

  private remove(client: string, one: Waiting): boolean {
    const all = this.clients.get(client) ?? [];
    const rest = all.filter((other) => other !== one);
    if (rest.length === all.length) return false;
    this.waiting--;
    if (rest.length > 0) this.clients.set(client, rest);
    else this.clients.delete(client);
    return true;
  }
}
