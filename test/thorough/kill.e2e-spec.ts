import { killedUnderLoad } from '../kill.contract.js';

killedUnderLoad(50);
