/** Reproducible pseudo-random numbers (mulberry32, public domain, by Tommy Ettinger). */
export type Seeded = {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** True with this probability, from 0 to 1. */
  chance(share: number): boolean;
  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[];
  /** A whole amount divided into `parts` positive parts; the largest is at most about three times the smallest. */
  split(amount: number, parts: number): number[];
};

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    chance: (share) => next() < share,
    shuffled: (items) =>
      items
        .map((item) => ({ item, order: next() }))
        .sort((one, other) => one.order - other.order)
        .map(({ item }) => item),
    split: (amount, parts) =>
      share(
        amount,
        Array.from({ length: parts }, () => 1 + 2 * next()),
      ),
  };
}

/** Divides a whole amount by weights; no part is zero, and the remainder of rounding goes to the heaviest. */
export function share(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = weights.map((weight) => Math.floor((amount * weight) / total));
  const heaviest = weights.indexOf(Math.max(...weights));
  const left = amount - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, index) => (index === heaviest ? part + left : part));
}
