import { runService } from '../service.js';
import { serveProjections } from './serve.js';

await runService(serveProjections);
