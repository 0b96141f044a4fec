import { LRUCache } from 'lru-cache';
import type { StateStore, StoredState } from '../event-log/ports.js';
import { trusted } from '../trusted/trusted.js';
import { stateOfText, textOfState } from './state-text.js';
import { repeatWindow, type Change, type Key, type Kind, type StateByKind } from './states.js';

/** States by key, to read and to change. */
export interface States {
  get<K extends Kind>(key: Key<K>): StateByKind[K] | undefined;
  set(change: Change): void;
}

/** Changes that are not committed yet, over the states beneath: thrown away, or {@link StateCache.commit}ted whole. */
export class Overlay implements States {
  readonly changes = new Map<string, Change>();
  constructor(private beneath: Pick<States, 'get'>) {}

  /** From now on it lies over this: what it lay over before is committed to it. */
  rebase(beneath: Pick<States, 'get'>): void {
    this.beneath = beneath;
  }

  get<K extends Kind>(key: Key<K>): StateByKind[K] | undefined {
    const changed = this.changes.get(key.text);
    return changed ? valueOf(key, changed.value) : this.beneath.get(key);
  }
  set(change: Change): void {
    this.changes.set(change.key.text, change);
  }
}

/** What waits to be saved: movements and commands as text already, which takes far less memory than what they are made of. */
type Unsaved = Change | StoredText;
type StoredText = StoredState & { readonly value: string };
const isStored = (unsaved: Unsaved): unsaved is StoredText => typeof unsaved.value === 'string';

/**
 * The committed state of a partition: a bounded cache of programmes and initiatives over the state store. What changed since the last save is held until it is saved;
 * everything else may be dropped and read again.
 */
export class StateCache {
  private readonly cache: LRUCache<string, object>;
  private changed = new Map<string, Unsaved>();
  private saving = new Map<string, Unsaved>();
  /** What the last load found. */
  private loaded = new Map<string, object | undefined>();

  constructor(
    private readonly store: StateStore,
    /** How many programmes and initiatives the cache holds. */
    cached: number,
  ) {
    this.cache = new LRUCache({ max: cached });
  }

  /** How many values wait to be saved. */
  get unsaved(): number {
    return this.changed.size;
  }

  /**
   * Brings keys in from the store, all in one read, so that deciding finds them in memory: whatever the cache lets go of meanwhile, until the next load.
   */
  load(keys: Iterable<Key>): void {
    this.loaded = new Map();
    const missing = new Map<string, Key>();
    for (const key of keys) {
      const { text } = key;
      if (this.changed.has(text) || this.saving.has(text)) continue;
      const cached = this.cache.get(text);
      if (cached) this.loaded.set(text, cached);
      else missing.set(text, key);
    }
    if (missing.size === 0) return;
    const values = this.store.read([...missing.keys()]);
    let next = 0;
    for (const key of missing.values()) {
      const text = values[next++];
      const value = text === undefined ? undefined : stateOfText(key, text);
      this.loaded.set(key.text, value);
      if (value) this.keep(key, value);
    }
  }

  /**
   * The state under a key, `undefined` if there is none.
   * @throws {Error} the key was not loaded: nobody can tell
   */
  get<K extends Kind>(key: Key<K>): StateByKind[K] | undefined {
    const { text } = key;
    const unsaved = this.changed.get(text) ?? this.saving.get(text);
    if (unsaved) return valueOf(key, isStored(unsaved) ? stateOfText(key, unsaved.value) : unsaved.value);
    if (!this.loaded.has(text)) throw new Error(`the ${key.kind} under ${text} was not loaded: whether there is one is not known`);
    return valueOf(key, this.loaded.get(text));
  }

  /** Makes an overlay's changes the committed state. */
  commit(overlay: Overlay): void {
    for (const [key, change] of overlay.changes) this.changed.set(key, isCached(change.key) ? change : stored(change));
  }

  private keep(key: Key, value: object): void {
    if (isCached(key)) this.cache.set(key.text, value);
  }

  /** Hands what changed to `save`; it stays readable here until that is done, and waits for the next save where it fails. */
  async save(save: (changed: readonly StoredState[]) => Promise<void>): Promise<void> {
    const saving = this.changed;
    this.saving = saving;
    this.changed = new Map();
    try {
      await save(Array.from(saving.values(), (unsaved) => (isStored(unsaved) ? unsaved : stored(unsaved))));
      for (const unsaved of saving.values()) if (!isStored(unsaved)) this.keep(unsaved.key, unsaved.value);
    } catch (error) {
      this.changed = new Map([...saving, ...this.changed]);
      throw error;
    } finally {
      this.saving = new Map();
    }
  }
}

/** Movements and commands are hardly ever asked for twice: kept, they would push initiatives out of the cache. */
const isCached = ({ kind }: Key): boolean => kind === 'initiative' || kind === 'programme';

function stored(change: Change): StoredText {
  const { key, value } = change;
  const state = { key: key.text, value: textOfState(change) };
  return 'recordedAt' in value ? { ...state, expires: Date.parse(value.recordedAt) + repeatWindow } : state;
}

/** A key's text says what it leads to, and only this file writes values. */
function valueOf<K extends Kind>(_key: Key<K>, value: object | undefined): StateByKind[K] | undefined {
  return trusted(value);
}
