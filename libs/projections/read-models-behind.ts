/** The read models are not as new as required, or none exist yet. */
export class ReadModelsBehind extends Error {
  override readonly name = 'ReadModelsBehind';
}
