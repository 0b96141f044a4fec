/** Read models are not as new as asked for, or there are none yet. */
export class ReadModelsBehind extends Error {
  override readonly name = 'ReadModelsBehind';
}
