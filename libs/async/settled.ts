/** Waits until all of some work has ended. If one part fails, all are told to stop, and all are tried again. @throws the first error in their order */
export async function settled(works: readonly Promise<void>[], stop: AbortController): Promise<void> {
  const stopping = works.map((work) =>
    work.catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  for (const ended of await Promise.allSettled(stopping)) if (ended.status === 'rejected') throw ended.reason;
}
