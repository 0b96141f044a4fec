/** Milliseconds after which MongoDB itself gives up a question: what it examines is bounded, so only an overloaded server takes so long. */
export const mostReadingTime = 5_000;

/** The option of every read. */
export const timed = { maxTimeMS: mostReadingTime } as const;
