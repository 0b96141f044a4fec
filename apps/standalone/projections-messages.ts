import type { Offset } from '../../libs/event-log/ports.js';

/** What the projections' thread works on. */
export type ProjectionsData = { logFile: string; modelsFile: string; generation: string };
/** What it tells: its files are open, it has folded that far, readers are served from now on, it failed and tries again, it can't go on. */
export type ProjectionsNews = { opened: true } | { folded: Offset } | { serving: string } | { retrying: string } | { failed: string };
/** What it is told: to end. */
export type ProjectionsOrder = 'stop';
