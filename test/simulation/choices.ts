/** The random choices of one history. The same numbers make the same history; after the last number nothing more goes wrong. */
export class Choices {
  private next = 0;

  constructor(private readonly numbers: readonly number[]) {}

  get left(): boolean {
    return this.next < this.numbers.length;
  }
  /** A number below `count`; 0, the harmless one, if no choices are left. */
  below(count: number): number {
    return (this.numbers[this.next++] ?? 0) % count;
  }
  /** True once in `times` calls on average. */
  oneIn(times: number): boolean {
    return this.below(times) === times - 1;
  }
  /** One of these; the first is the harmless one. */
  of<T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }
}
