/** The secrets of forms: each names the person its page was made for, so that a form of another site or person is recognised. */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../../domain/vocabulary.js';

/** Seconds for which a form of an earlier session is still taken. */
const lasts = 86_400;

export class FormTokens {
  private readonly key: Buffer;

  /** `secret` as for sessions. */
  constructor(secret: string) {
    const material = secret === '' ? randomBytes(32) : Buffer.from(secret);
    this.key = Buffer.from(hkdfSync('sha256', material, '', 'initiative-ledger form', 32));
  }

  /** A new secret for forms of a person. */
  make(actor: Actor, now = seconds()): string {
    const begin = `${now}.${randomBytes(16).toString('base64url')}`;
    return `${begin}.${this.mac(begin, actor)}`;
  }

  /** Whether a secret was made for a person within the last day, in whatever session. */
  isOf(actor: Actor, token: string, now = seconds()): boolean {
    const [made = '', random = '', mac = '', ...more] = token.split('.');
    if (more.length > 0 || !/^\d{1,12}$/.test(made) || Number(made) + lasts < now) return false;
    return isSame(mac, this.mac(`${made}.${random}`, actor));
  }

  private mac(begin: string, { id, organisation, role }: Actor): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([begin, id, organisation, role]))
      .digest('base64url');
  }
}

/** Compares texts in a time that does not depend on the place of their first difference. */
export function isSame(one: string, other: string): boolean {
  const [sent, own] = [Buffer.from(one), Buffer.from(other)];
  return sent.length === own.length && timingSafeEqual(sent, own);
}

const seconds = () => Math.floor(Date.now() / 1_000);
