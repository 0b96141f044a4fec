import type { Head } from '../event-log/ports.js';
import type { Workspace } from './decide-command.js';
import { Overlay, type StateCache, type States } from './state-cache.js';

type Heads = { get(programme: string): Head | undefined };

/** What one batch changes, over what is committed or over the batch before. */
export class BatchWorkspace implements Workspace {
  readonly states: Overlay;
  readonly heads: OverlaidHeads;

  constructor(states: Pick<States, 'get'>, heads: Heads) {
    this.states = new Overlay(states);
    this.heads = new OverlaidHeads(heads);
  }
  /** The batch before is committed to these by now. */
  rebase(states: StateCache, heads: Heads): void {
    this.states.rebase(states);
    this.heads.beneath = heads;
  }
  /** Changes what it lies over as it was changed itself. */
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
