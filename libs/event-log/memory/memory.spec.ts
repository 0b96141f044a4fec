import { eventLogContract } from '../event-log.contract.js';
import { stateStoreContract } from '../state-store.contract.js';
import { MemoryEventLog } from './memory-event-log.js';
import { MemoryStateStore } from './memory-state-store.js';

const nothing = () => Promise.resolve();
eventLogContract('memory', () => Promise.resolve({ log: new MemoryEventLog(), remove: nothing }));
stateStoreContract('memory', () => Promise.resolve({ states: new MemoryStateStore(), remove: nothing }));
