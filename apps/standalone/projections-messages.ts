import type { Offset } from '../../libs/event-log/ports.js';

/** The files and the generation that the projections' thread works on. */
export type ProjectionsData = { logFile: string; modelsFile: string; generation: string };
/** Its messages: files are open, folded to an offset, a generation serves, a failure is tried again, folding has failed for good. */
export type ProjectionsNews = { opened: true } | { folded: Offset } | { serving: string } | { retrying: string } | { failed: string };
/** The message that ends it. */
export type ProjectionsOrder = 'stop';
