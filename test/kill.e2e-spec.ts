import { killedUnderLoad } from './kill.contract.js';

killedUnderLoad(10);
