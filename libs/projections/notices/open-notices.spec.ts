import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { openNoticesContract } from './open-notices.contract.js';

openNoticesContract('memory', () => Promise.resolve({ models: new MemoryReadModels(), remove: () => Promise.resolve() }));
