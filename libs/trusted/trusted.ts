/**
 * Asserts a value's type without checking it: the only type assertion in this code. Only for values that this code wrote itself, or has checked in a way
 * that types can't follow; each caller says which.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the type
export function trusted<T>(value: unknown): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a type guard that checks less than it claims would hide that
  return value as T;
}
