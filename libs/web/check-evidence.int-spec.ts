import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

const page = readFileSync('verifiers/check-evidence.html', 'utf8');
const hashesOf = (element: string) =>
  [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))]
    .map(([, inside]) => `'sha256-${createHash('sha256').update(inside!).digest('base64')}'`)
    .join(' ');

describe('the page that checks evidence', () => {
  let app: TestApplication;
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
  });
  afterAll(() => app.close());

  it('runs its own scripts and styles alone, and loads and sends nothing (scripts/check-evidence-policy.mjs)', () => {
    const policy = `default-src 'none'; style-src ${hashesOf('style')}; script-src ${hashesOf('script')}; base-uri 'none'; form-action 'none'`;
    expect(page).toContain(`content="${policy}"`);
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script>', '<script>', '<script>']);
    expect(page).not.toMatch(/https?:\/\/|<link|@import|url\(|\bfetch\(|XMLHttpRequest|innerHTML| style="/);
  });

  it('is served to everybody as it is in the file, with headers that let it work and say the same', async () => {
    const { status, text, headers } = await app.send('GET', '/check-evidence');
    expect(status).toBe(200);
    expect(text).toBe(page);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src ${hashesOf('style')}; script-src ${hashesOf('script')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
