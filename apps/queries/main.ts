import { runService } from '../service.js';
import { serveQueries } from './serve.js';

await runService(serveQueries);
