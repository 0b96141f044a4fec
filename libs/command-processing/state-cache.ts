import { LRUCache } from 'lru-cache';
import { commitmentOf } from '../domain/money/movements.js';
import type { StateStore, StoredState } from '../event-log/ports.js';
import { trusted } from '../trusted/trusted.js';
import { stateOfText, textOfState } from './state-text.js';
import { isHeld, movementKey, repeatWindow, requestKey, type Change, type Key, type Kind, type StateByKind } from './states.js';

/** States by key, for reading and changing. */
export interface States {
  get<K extends Kind>(key: Key<K>): StateByKind[K] | undefined;
  set(change: Change): void;
}

/** Uncommitted changes over the states beneath: discarded, or {@link StateCache.commit}ted as a whole. */
export class Overlay implements States {
  readonly changes = new Map<string, Change>();
  constructor(private beneath: Pick<States, 'get'>) {}

  /** Replaces the states beneath, once the former ones are committed to these. */
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

/** A change that waits to be saved. Movements and commands are held as text, which takes far less memory than objects. */
type Unsaved = Change | StoredText;
type StoredText = StoredState & { readonly value: string };
const isStored = (unsaved: Unsaved): unsaved is StoredText => typeof unsaved.value === 'string';

/**
 * The committed states of a partition: a bounded cache of programmes and initiatives over the state store. Changes since the last save are held until they are
 * saved; everything else may be dropped and read again.
 */
export class StateCache {
  private readonly cache: LRUCache<string, object>;
  private changed = new Map<string, Unsaved>();
  private saving = new Map<string, Unsaved>();
  /** The states found by the last load. */
  private loaded = new Map<string, object | undefined>();

  constructor(
    private readonly store: StateStore,
    /** How many programmes and initiatives the cache holds. */
    cached: number,
  ) {
    this.cache = new LRUCache({ max: cached });
  }

  /** The number of values that wait to be saved. */
  get unsaved(): number {
    return this.changed.size;
  }

  /**
   * Reads keys from the store, all in one read, and in a second one what movements among them name: the commitments that spendings were drawn from, and the
   * requests in which movements wait. They stay in memory until the next load, whatever the cache drops meanwhile.
   */
  load(keys: readonly Key[]): void {
    this.loaded = new Map();
    this.read(keys);
    const named = keys.flatMap((key) => this.namedBy(key) ?? []);
    if (named.length > 0) this.read(named);
  }

  private namedBy(key: Key): Key | undefined {
    if (!isMovement(key)) return undefined;
    const unsaved = this.changed.get(key.text) ?? this.saving.get(key.text);
    const movement = unsaved || this.loaded.has(key.text) ? this.get(key) : undefined;
    if (movement && isHeld(movement)) return requestKey(movement.receipt.programme, movement.receipt.requestId);
    const commitment = movement && commitmentOf(movement);
    return commitment && movementKey(commitment);
  }

  private read(keys: readonly Key[]): void {
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
   * @throws {Error} the key was not loaded, so it is not known whether there is one
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

  /** Hands the changes to `save`. They stay readable here until that is done; if it fails, they wait for the next save. */
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

const isMovement = (key: Key): key is Key<'movement'> => key.kind === 'movement';
/** Movements and commands are hardly ever read twice; in the cache they would displace initiatives. */
const isCached = ({ kind }: Key): boolean => kind === 'initiative' || kind === 'programme';

function stored(change: Change): StoredText {
  const { key, value } = change;
  const state = { key: key.text, value: textOfState(change) };
  return 'recordedAt' in value ? { ...state, expires: Date.parse(value.recordedAt) + repeatWindow } : state;
}

/** A key's text determines the type of its value, and only this file writes values, so the type is trusted. */
function valueOf<K extends Kind>(_key: Key<K>, value: object | undefined): StateByKind[K] | undefined {
  return trusted(value);
}
