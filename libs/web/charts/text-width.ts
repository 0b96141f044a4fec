/** Width of a letter in a chart, in units of the drawing (letters are 13 high): that of wide fonts, because readers' fonts are not known. */
const letterWidth = 8.5;

/** The room that the longest of some texts takes in a chart (units of the drawing). */
export function widthOf(texts: readonly string[]): number {
  return letterWidth * Math.max(0, ...texts.map((text) => text.length));
}
