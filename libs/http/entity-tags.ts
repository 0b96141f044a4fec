/** Entity tags (RFC 9110, section 8.8.3): names of answers that a reader already has, so that they need not be sent again. */

/** Compressing proxies weaken a tag, or add the name of the compression: Apache `-gzip`, Jetty `--gzip`. */
const tagged = /^(?:W\/)?"([\x21\x23-\x7e]*?)(?:--?(?:gzip|br|zstd|deflate))?"$/;

/** The opaque part of an entity tag, without its quotes and the marks of a compressing proxy; `undefined` if it is not a tag. */
export function opaqueTagOf(tag: string): string | undefined {
  return tagged.exec(tag.trim())?.[1];
}

/** Whether an If-None-Match header names a tag, given without quotes (RFC 9110, section 13.1.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => opaqueTagOf(one) === tag);
}
