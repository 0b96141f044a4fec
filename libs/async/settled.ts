/** Waits until all of some work has ended. Where one fails, all are told to stop, so that all are tried again. @throws what failed first in their order */
export async function settled(works: readonly Promise<void>[], stop: AbortController): Promise<void> {
  const stopping = works.map((work) =>
    work.catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  for (const ended of await Promise.allSettled(stopping)) if (ended.status === 'rejected') throw ended.reason;
}
