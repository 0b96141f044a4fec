const mebibyte = 1_048_576;

/** Bytes of a form with a file: of the file, of the whole body, and of one that is too large but read to its end, so that its sender can read the answer. */
export const uploadLimits = { file: 2 * mebibyte, body: 2 * mebibyte + 65_536, discarded: 16 * mebibyte } as const;
