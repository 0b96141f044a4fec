import type { Head } from '../event-log/ports.js';
import type { Workspace } from './decide-command.js';
import { Overlay, type StateCache, type States } from './state-cache.js';

type Heads = { get(programme: string): Head | undefined };

/** The changes of one batch, over the committed states or over the previous batch. */
export class BatchWorkspace implements Workspace {
  readonly states: Overlay;
  readonly heads: OverlaidHeads;

  constructor(states: Pick<States, 'get'>, heads: Heads) {
    this.states = new Overlay(states);
    this.heads = new OverlaidHeads(heads);
  }
  /** Call it once the previous batch is committed to these states and heads. */
  rebase(states: StateCache, heads: Heads): void {
    this.states.rebase(states);
    this.heads.beneath = heads;
  }
  /** Makes the same changes in the workspace beneath. */
  applyTo(beneath: Workspace): void {
    for (const change of this.states.changes.values()) beneath.states.set(change);
    for (const [programme, head] of this.heads.changes) beneath.heads.set(programme, head);
  }
}

class OverlaidHeads {
  readonly changes = new Map<string, Head>();
  constructor(public beneath: Heads) {}

  get(programme: string): Head | undefined {
    return this.changes.get(programme) ?? this.beneath.get(programme);
  }
  set(programme: string, head: Head): void {
    this.changes.set(programme, head);
  }
}
