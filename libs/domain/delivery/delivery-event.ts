import { deliveryCapabilities } from './capabilities.js';
import type { DomainEvent } from '../events.js';
import type { DeliveryEvents } from './events.js';

type DeliveryEventType = keyof DeliveryEvents;
const types: ReadonlySet<string> = new Set(Object.values(deliveryCapabilities).map(({ event }) => event));

/** Whether an event is about what an initiative delivers. */
export function isDeliveryEvent<E extends DomainEvent>(event: E): event is Extract<E, { type: DeliveryEventType }> {
  return types.has(event.type);
}
