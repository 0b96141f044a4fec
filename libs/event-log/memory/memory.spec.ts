import { eventLogContract } from '../event-log.contract.js';
import { inboxContract } from '../inbox.contract.js';
import { stateStoreContract } from '../state-store.contract.js';
import { MemoryEventLog } from './memory-event-log.js';
import { MemoryInboxes } from './memory-inbox.js';
import { MemoryStateStore } from './memory-state-store.js';

const nothing = () => Promise.resolve();
inboxContract('memory', () => {
  const inboxes = new MemoryInboxes(4);
  return Promise.resolve({ as: (instance) => Promise.resolve(inboxes.as(instance)), remove: nothing });
});
eventLogContract('memory', () => Promise.resolve({ log: new MemoryEventLog(), remove: nothing }));
stateStoreContract('memory', () => Promise.resolve({ states: new MemoryStateStore(), remove: nothing }));
