import type { Heads, Offset } from '../event-log/ports.js';
import { StatesDamaged } from '../event-log/ports.js';
import type { ProcessorOptions } from './processor-options.js';
import type { StateCache } from './state-cache.js';

/** What the states are the states of: the offset of the last record, and every programme's head there. */
export type Folded = { offset: Offset; heads: Heads };

/** Saves the states of one partition beside its work, so that the next start has little to fold. */
export class StateSaver {
  private savedAt: number;
  private saving: Promise<void> | undefined;
  /** Set when saving found the state store damaged: nothing more is decided on it. */
  private damage: StatesDamaged | undefined;

  constructor(
    private readonly states: StateCache,
    private readonly options: Pick<ProcessorOptions, 'states' | 'now' | 'alarm' | 'saveAfter' | 'saveEvery'>,
    private readonly folded: () => Folded,
  ) {
    this.savedAt = options.now();
  }

  /** @throws {StatesDamaged} a save found the state store damaged */
  checkSound(): void {
    if (this.damage) throw this.damage;
  }

  /** Whether `saveAfter` changes or more are unsaved. */
  get hasMuchUnsaved(): boolean {
    return this.states.unsaved >= this.saveAfter;
  }

  /** Saves if it is time. The work waits for the save only if far more is unsaved than one save takes. */
  async saveWhenDue(): Promise<void> {
    const { now, saveEvery = 5_000 } = this.options;
    const isDue = this.hasMuchUnsaved || now() - this.savedAt >= saveEvery;
    const saving = isDue ? this.save() : undefined;
    if (this.states.unsaved >= this.saveAfter * 4) await saving;
  }

  /** One save at a time: what an earlier one could not write must never replace what a later one wrote. Never rejects. */
  save(): Promise<void> {
    this.saving ??= this.saveNow().finally(() => (this.saving = undefined));
    return this.saving;
  }

  /** Resolves once no save is in progress. */
  async idle(): Promise<void> {
    await this.saving;
  }

  private get saveAfter(): number {
    return this.options.saveAfter ?? 50_000;
  }

  /** A state store that can't be written only makes the next start slower: operators are told, and the work goes on unless the store is damaged. */
  private async saveNow(): Promise<void> {
    this.savedAt = this.options.now();
    const { offset, heads } = this.folded();
    try {
      await this.states.save((changed) => this.options.states.save(offset, heads, changed));
    } catch (error) {
      if (error instanceof StatesDamaged) this.damage = error;
      this.options.alarm('the state store could not be saved', { commandId: '', error });
    }
  }
}
