import { runService } from '../service.js';
import { serveCommands } from './serve.js';

await runService(serveCommands);
