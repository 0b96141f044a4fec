/** Asks a witness over HTTP. */
export type WitnessResponse = { status: number; text: string };
/** Sends a request (see `writeAddCheckpoint`) to the witness at an address. @throws {Error} it did not answer in time, or not in a few lines */
export type AskWitness = (url: string, body: string, signal: AbortSignal) => Promise<WitnessResponse>;

/** The most bytes of an answer: a few lines of signatures. */
const longestAnswer = 65_536;

/** Asks as C2SP tlog-witness says. Redirects are not followed: an address is that of the witness itself. */
export const askOverHttp: AskWitness = async (url, body, signal) => {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', redirect: 'error', body, signal });
  const text = await textWithin(response, longestAnswer);
  if (text === undefined) throw new Error(`its answer is longer than ${longestAnswer} bytes`);
  return { status: response.status, text };
};

/** The text of a response; `undefined` if it has more bytes. */
export async function textWithin(response: Response, bytes: number): Promise<string | undefined> {
  return (await bytesWithin(response, bytes))?.toString();
}

/** The bytes of a response; `undefined` if it has more. */
export async function bytesWithin(response: Response, bytes: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    // Leaving the loop cancels the rest.
    if (length > bytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
