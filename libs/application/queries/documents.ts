/** A document for readers: JSON text, and the version that its entity tag names. */
export type DocumentText = { readonly version: number; readonly text: string };

/** A document as of the past, in the form of a present one. */
export function documentOf(view: object, version: number): DocumentText {
  return { version, text: JSON.stringify(view) };
}
