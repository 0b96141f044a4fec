import { killedUnderLoad } from './kill.contract.js';

killedUnderLoad(5);
