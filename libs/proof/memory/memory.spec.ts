import { signedHeadsContract, treesContract } from '../trees.contract.js';
import { MemorySignedHeads } from './memory-signed-heads.js';
import { MemoryTrees } from './memory-trees.js';

const nothing = () => Promise.resolve();
treesContract('memory', () => Promise.resolve({ trees: new MemoryTrees(), remove: nothing }));
signedHeadsContract('memory', () => Promise.resolve({ signed: new MemorySignedHeads(), remove: nothing }));
