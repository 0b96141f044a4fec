import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { uploadLimits } from '../../../http/bounds/upload-limits.js';
import { problem, ProblemError } from '../../../http/problem.js';
import { FormFields } from '../form-fields.js';

/** A form with one file; without bytes if none was chosen. */
export type Upload = { readonly form: FormFields; readonly file: Uint8Array };

/** The name of the file's field. */
export const fileField = 'file';
const limits = {
  fileSize: uploadLimits.file,
  files: 1,
  fields: 20,
  parts: 21,
  fieldSize: 1_024,
  fieldNameSize: 64,
  headerPairs: 10,
  headerSize: 4_096,
} as const;

/** Reads a form with a file (multipart/form-data, RFC 7578). @throws {ProblemError} 400: the body is no such form */
export async function readUpload(request: FastifyRequest, reply: FastifyReply): Promise<Upload | 'too-large'> {
  const { body, headers } = request;
  if (!(body instanceof Readable)) throw malformed('there is no body');
  if (Number(headers['content-length'] ?? 0) > uploadLimits.discarded) return unread(reply);
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(body)) {
    request.bytesUploaded += chunk.length;
    if (request.bytesUploaded > uploadLimits.discarded) return unread(reply);
    if (request.bytesUploaded <= uploadLimits.body) chunks.push(chunk);
  }
  if (request.bytesUploaded > uploadLimits.body) return 'too-large';
  return partsOf(Buffer.concat(chunks), headers['content-type'] ?? '');
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  // Destroying the body would end the connection before the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false })) if (Buffer.isBuffer(chunk)) yield chunk;
}

/** The rest of the body stays unread, so no other request can follow on the connection. */
function unread(reply: FastifyReply): 'too-large' {
  void reply.header('connection', 'close');
  return 'too-large';
}

function partsOf(body: Buffer, contentType: string): Promise<Upload | 'too-large'> {
  const { promise, resolve, reject } = Promise.withResolvers<Upload | 'too-large'>();
  const fields: (readonly [string, string])[] = [];
  const chunks: Buffer[] = [];
  let tooLarge = false;
  const failed = (error: unknown) => {
    reject(malformed(Error.isError(error) ? error.message : String(error)));
  };
  try {
    const parser = new Busboy({ headers: { 'content-type': contentType }, limits });
    parser.on('field', (name, value) => void fields.push([name, value]));
    parser.on('file', (name, stream) => {
      stream.on('data', (chunk: Buffer) => {
        if (name === fileField) chunks.push(chunk);
      });
      stream.on('limit', () => {
        tooLarge = true;
      });
      stream.on('error', failed);
    });
    parser.on('error', failed);
    parser.on('finish', () => {
      resolve(tooLarge ? 'too-large' : { form: new FormFields(fields), file: Buffer.concat(chunks) });
    });
    parser.end(body);
  } catch (error) {
    failed(error);
  }
  return promise;
}

function malformed(why: string): ProblemError {
  return new ProblemError(problem(400, 'malformed', `the body is no form with a file (multipart/form-data): ${why}`));
}
