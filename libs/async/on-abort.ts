/** Calls `act` with the signal's reason when it is aborted. @returns the function that stops listening: a signal may live longer than its listener */
export function onAbort(signal: AbortSignal | undefined, act: (reason: Error) => void): () => void {
  if (!signal) return () => undefined;
  const listener = () => {
    act(reasonOf(signal));
  };
  signal.addEventListener('abort', listener, { once: true });
  return () => {
    signal.removeEventListener('abort', listener);
  };
}

function reasonOf({ reason }: AbortSignal): Error {
  return Error.isError(reason) ? reason : new Error('the caller no longer waits');
}
