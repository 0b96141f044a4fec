/** Seals what a cookie keeps: only processes with the same secret can read it or make it. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

const encryption = { alg: 'dir', enc: 'A256GCM' } as const;

export class Seal {
  private readonly key: Uint8Array;

  /** A text sealed for one purpose does not open for another. Without a secret, nothing opens after this process has ended. */
  constructor(secret: string, purpose: string) {
    const material = secret === '' ? randomBytes(32) : Buffer.from(secret);
    this.key = new Uint8Array(hkdfSync('sha256', material, '', `initiative-ledger ${purpose}`, 32));
  }

  /** Seals texts until a moment, in seconds since 1970. */
  seal(texts: Readonly<Record<string, string | undefined>>, until: number): Promise<string> {
    return new EncryptJWT(texts).setProtectedHeader(encryption).setExpirationTime(until).encrypt(this.key);
  }

  /** What is sealed in a text; `undefined` if it has expired, or was sealed with another key. */
  async open(sealed: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtDecrypt(sealed, this.key, {
        keyManagementAlgorithms: [encryption.alg],
        contentEncryptionAlgorithms: [encryption.enc],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
