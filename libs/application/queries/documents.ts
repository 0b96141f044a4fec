/** A document as readers get it: JSON text, and the version that its tag names. */
export type DocumentText = { readonly version: number; readonly text: string };

/** A document as it had been, in the form of those that are. */
export function documentOf(view: object, version: number): DocumentText {
  return { version, text: JSON.stringify(view) };
}
