import { readModelsContract } from '../read-models.contract.js';
import { MemoryReadModels } from './memory-read-models.js';

readModelsContract('memory', () => Promise.resolve({ models: new MemoryReadModels(), remove: () => Promise.resolve() }));
