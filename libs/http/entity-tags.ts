/** Entity tags (RFC 9110, section 8.8.3): what a reader has, named so that it need not be sent again. */

/** Compressing proxies weaken a tag, or add to it what they compressed with: Apache `-gzip`, Jetty `--gzip`. */
const tagged = /^(?:W\/)?"([\x21\x23-\x7e]*?)(?:--?(?:gzip|br|zstd|deflate))?"$/;

/** What one entity tag names, without its quotes and what a compressing proxy made of it; `undefined` where it is no tag. */
export function opaqueTagOf(tag: string): string | undefined {
  return tagged.exec(tag.trim())?.[1];
}

/** Whether an If-None-Match header names a tag, given without quotes (RFC 9110, section 13.1.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => opaqueTagOf(one) === tag);
}
