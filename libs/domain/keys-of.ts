/** The keys of an object that never gets more of them; the type of `Object.keys` can't express that. */
export function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return Object.keys(table) as (keyof T & string)[];
}
