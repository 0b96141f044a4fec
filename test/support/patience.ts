/**
 * The milliseconds a test waits for one condition: long enough for a busy machine, and less than the runner's limit (`testTimeout`), so that a failure
 * names the condition.
 */
export const patience = 240_000;
