/**
 * How long a test waits for one condition, in milliseconds: long enough for a machine that has much else to do, and less than the runner's limit
 * (`testTimeout`), so that the failure says what was waited for.
 */
export const patience = 240_000;
