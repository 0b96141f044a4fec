/**
 * A value as what it is known to be, unseen: the one place where the compiler is told and not shown. For what this code itself wrote, or has checked in a
 * way that types can't follow; each caller says which.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the type
export function trusted<T>(value: unknown): T {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a guard that looks at less than it certifies would say otherwise than it does
  return value as T;
}
