/** The ledger's state, folded by the domain alone: no log, no processor. */
import type { Command } from '../commands.js';
import { decide } from '../decide.js';
import type { DomainEvent } from '../events.js';
import { evolve } from '../evolve.js';
import { commitmentOf, isMovement, movementsOf } from '../money/movements.js';
import { awaitedMovement, heldCommand } from '../requests/decide.js';
import type { Initiative, Kept, KeptKey, Programme, Request, Situation } from '../state.js';
import type { IsoDate } from '../vocabulary.js';

const textOf = ({ kind, programme, initiative, id }: KeptKey) => [kind, programme, initiative ?? '', id].join('/');

/** The digest of every command here. */
export const digest = 'd'.repeat(64);

/** One programme's history. The state it gives out is frozen, so only events change it. */
export class History {
  programme: Programme | undefined;
  readonly initiatives = new Map<string, Initiative>();
  readonly movements = new Map<string, Kept>();
  readonly requests = new Map<string, Request>();
  /** By movement that is not recorded, the request that held it last: no other holds it while that one waits. */
  private readonly awaited = new Map<string, string>();
  readonly events: DomainEvent[] = [];

  /** The known state that a command or an event needs. */
  situationFor(message: Command | DomainEvent): Situation {
    const request = 'requestId' in message.data ? this.requests.get(message.data.requestId) : undefined;
    const held = request?.command && message.type !== 'RequestApproved' ? heldCommand(request) : undefined;
    return frozen({ ...this.situationOf(held ?? message), ...(request && { request }) });
  }

  private situationOf(message: Command | DomainEvent): Situation {
    const initiative = message.initiative === undefined ? undefined : this.initiatives.get(message.initiative);
    const taker = message.type === 'TransferFunding' ? this.initiatives.get(message.data.to) : undefined;
    const keys = movementsOf(message);
    const movement = keys.movement && this.movements.get(textOf(keys.movement));
    const heldIn = keys.movement && !movement ? this.requests.get(this.awaited.get(textOf(keys.movement)) ?? '') : undefined;
    const origin = keys.origin && this.movements.get(textOf(keys.origin));
    const drawnFrom = origin && commitmentOf(origin);
    const commitment = drawnFrom && this.movements.get(textOf(drawnFrom));
    return {
      ...(this.programme && { programme: this.programme }),
      head: this.events.length,
      ...(initiative && { initiative }),
      ...(taker && { taker }),
      ...(movement && { movement }),
      ...(heldIn?.command && { awaited: heldIn }),
      ...(origin && { origin }),
      ...(commitment && isMovement(commitment) && { commitment }),
    };
  }

  /** Decides a command and folds its events. @throws {Refusal} */
  submit(command: Command, today: IsoDate): DomainEvent[] {
    const events = decide(frozen(command), this.situationFor(command), today, digest);
    for (const event of events) this.happen(event);
    return events;
  }

  happen(event: DomainEvent): void {
    const { programme, initiative, movement, origin, commitment, request } = evolve(this.situationFor(event), frozen(event));
    if (programme) this.programme = programme;
    if (initiative) this.initiatives.set(initiative.code, initiative);
    if (movement) this.movements.set(textOf(movement), movement);
    if (origin) this.movements.set(textOf(origin), origin);
    if (commitment) this.movements.set(textOf(commitment), commitment);
    if (request) this.requests.set(request.id, request);
    const awaited = event.type === 'CommandSubmitted' ? awaitedMovement(event) : undefined;
    if (awaited && request) this.awaited.set(textOf(awaited), request.id);
    this.events.push(event);
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
