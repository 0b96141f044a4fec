import { setTimeout as pause } from 'node:timers/promises';
import { onAbort } from '../async/on-abort.js';
import { ReadModelsBehind } from '../projections/read-models-behind.js';
import type { Asker } from '../projections/readers.js';
import type { ReadModels } from '../read-models/ports.js';

/** The longest wait for a newer state, and the shortest pause between two checks, in milliseconds. */
const patience = { most: 2_000, look: 5 } as const;
/** Checks take at most a tenth of the time: each pause is at least nine times as long as the check before it. */
const share = 10;
/** The largest number of readers that wait at once. */
const most = 1_000;

type Waiting = {
  position: number;
  until: number;
  resolve: (folded: number) => void;
  reject: (error: unknown) => void;
  /** Stops listening to the asker's signal. */
  ignore: () => void;
};
type Group = { generation: string; programme: string; all: Set<Waiting> };

/** Readers that wait until a programme is folded to a position. One check per programme serves all its readers, and one timer serves all programmes. */
export class PositionWaits {
  private readonly groups = new Map<string, Group>();
  private count = 0;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly models: Pick<ReadModels, 'head'>,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /**
   * Resolves with the position that the programme is folded to, once it is at least `position`.
   * @throws {ReadModelsBehind} the position is not reached within two seconds, or too many readers wait already
   * @throws the reason of the asker's signal once it is aborted
   */
  async until(generation: string, programme: string, position: number, asker: Pick<Asker, 'signal'> = {}): Promise<number> {
    const folded = await this.folded(generation, programme);
    if (folded >= position) return folded;
    // Read only here: a signal is made only for readers that wait.
    const { signal } = asker;
    signal?.throwIfAborted();
    if (this.count >= most) throw new ReadModelsBehind(`${most} readers already wait for newer states; try again`);
    return new Promise((resolve, reject) => {
      const key = `${generation}/${programme}`;
      const group = this.groups.get(key) ?? { generation, programme, all: new Set() };
      this.groups.set(key, group);
      const waiting: Waiting = { position, until: this.now() + patience.most, resolve, reject, ignore: () => undefined };
      waiting.ignore = onAbort(signal, (reason) => {
        this.leave(key, group, waiting);
        reject(reason);
      });
      group.all.add(waiting);
      this.count++;
      this.looking ??= this.look();
    });
  }

  private async look(): Promise<void> {
    while (this.count > 0) {
      const begun = performance.now();
      await Promise.all([...this.groups].map(([key, group]) => this.lookAt(key, group)));
      await pause(Math.max(patience.look, (share - 1) * (performance.now() - begun)));
    }
    this.looking = undefined;
  }

  private async lookAt(key: string, group: Group): Promise<void> {
    const { generation, programme, all } = group;
    try {
      const folded = await this.folded(generation, programme);
      for (const waiting of all) {
        if (folded >= waiting.position) waiting.resolve(folded);
        else if (this.now() < waiting.until) continue;
        else
          waiting.reject(new ReadModelsBehind(`${programme} is folded to position ${folded}, not yet to ${waiting.position}; try again`));
        this.leave(key, group, waiting);
      }
    } catch (error) {
      for (const waiting of all) {
        waiting.reject(error);
        this.leave(key, group, waiting);
      }
    }
  }

  private leave(key: string, { all }: Group, waiting: Waiting): void {
    waiting.ignore();
    if (all.delete(waiting)) this.count--;
    if (all.size === 0) this.groups.delete(key);
  }

  private async folded(generation: string, programme: string): Promise<number> {
    return (await this.models.head(generation, programme))?.position ?? 0;
  }
}
