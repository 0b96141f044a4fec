/**
 * The result of a promise, or `undefined` as soon as `signal` is aborted; a later result or error is ignored. It does not use `Promise.race` with a long-lived
 * promise, which would hold every earlier result in memory.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const stop = () => {
    resolve(undefined);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  work.then(resolve, reject).finally(() => {
    signal.removeEventListener('abort', stop);
  });
  return promise;
}
