import { cosignedHeadsContract, signedHeadsContract, treesContract } from '../trees.contract.js';
import { MemoryCosignedHeads } from './memory-cosigned-heads.js';
import { MemorySignedHeads } from './memory-signed-heads.js';
import { MemoryTrees } from './memory-trees.js';

const nothing = () => Promise.resolve();
treesContract('memory', () => Promise.resolve({ trees: new MemoryTrees(), remove: nothing }));
signedHeadsContract('memory', () => Promise.resolve({ signed: new MemorySignedHeads(), remove: nothing }));
cosignedHeadsContract('memory', () => Promise.resolve({ cosigned: new MemoryCosignedHeads(), remove: nothing }));
