/** One thing wrong with a command, and what would be right. */
export type Fault = { field: string; message: string };

/** The most faults that are named. */
export const mostFaults = 20;

/** The input is no command. Every fault is named, up to the first 20. */
export class MalformedCommand extends Error {
  override readonly name = 'MalformedCommand';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const named = faults.slice(0, mostFaults);
    super(named.map(({ message }) => message).join('; '));
    this.faults = named;
  }
}
export const malformed = (field: string, message: string): MalformedCommand => new MalformedCommand([{ field, message }]);
