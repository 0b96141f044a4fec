import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import { digestOf, isDigestOf } from './digest.js';

const command = (more: Partial<Command> = {}): Command =>
  ({
    type: 'StartFinalizing',
    programme: 'p',
    initiative: 'i',
    commandId: 'c-1',
    actor: { id: 'u-1', organisation: 'ministry-of-justice', role: 'ministry' },
    data: {},
    ...more,
  }) as Command;
/** The digest by earlier versions of the ledger, which included the expected version. */
const digestWithVersion = (expectedVersion: number | null) =>
  hash('sha256', canonicalText(['StartFinalizing', 'p', 'i', null, {}, expectedVersion, null]), 'hex');

describe('the digest of a command', () => {
  it('is the same whatever version its sender saw', () => {
    expect(digestOf(command({ expectedVersion: 7 }))).toEqual(digestOf(command()));
    expect(digestOf(command({ occurredOn: '2024-03-07' }))).not.toEqual(digestOf(command()));
  });
  it('is what logs written earlier have: of a command without an expected version the same, of one with it known as well', () => {
    expect(digestOf(command()).hex).toBe(digestWithVersion(null));
    expect(isDigestOf(digestWithVersion(7), command({ expectedVersion: 7 }))).toBe(true);
    expect(isDigestOf(digestWithVersion(7), command({ expectedVersion: 8 }))).toBe(false);
    expect(isDigestOf(digestWithVersion(null), command({ expectedVersion: 8 }))).toBe(true);
  });
});
