/**
 * What a promise gives, or `undefined` as soon as `signal` is aborted; whatever it gives or throws after that is let go of. A race against one long-lived
 * promise would keep everything that ever won against it.
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
