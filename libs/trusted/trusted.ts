/**
 * Asserts a value's type without checking it: the type assertion of this code; the few others say at their line why they can't be this one. Only for values that this code wrote itself, or has checked in a way
 * that types can't follow; each caller says which.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the type
export function trusted<T>(value: unknown): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a type guard that checks less than it claims would hide that
  return value as T;
}
