/** A browser that keeps cookies by site, path and age, and goes from the ledger to the provider and back. */
import { parseSetCookie } from 'cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The ledger's address behind a proxy that ends TLS. */
export const ledger = 'https://ledger.test';
type Kept = { name: string; value: string; origin: string; path: string; sameSite: unknown };
export type Shown = { url: URL; status: number; headers: Headers; text: string };

export class Browser {
  kept: Kept[] = [];
  /** Every answer so far. */
  readonly answers: Shown[] = [];

  constructor(private readonly application: NestFastifyApplication) {}

  get shown(): Shown {
    const last = this.answers.at(-1);
    if (!last) throw new Error('no page is open');
    return last;
  }

  /** Opens an address, and follows redirects until a page is shown, or an address begins with `until`. Gives that page, or address. */
  async open(address: string, { form, until }: { form?: URLSearchParams; until?: string } = {}): Promise<string> {
    // What another site starts, it has started until a page is shown.
    let next: { url: URL; form: URLSearchParams | undefined; isOwn: boolean } | undefined = { url: new URL(address), form, isOwn: true };
    while (next) {
      if (until !== undefined && next.url.href.startsWith(until)) return next.url.href;
      const { status, headers } = await this.ask(next.url, next.form, next.isOwn);
      const location: string | null = status >= 300 && status < 400 ? headers.get('location') : null;
      const url: URL | undefined = location === null ? undefined : new URL(location, next.url);
      next = url && { url, form: undefined, isOwn: next.isOwn && url.origin === next.url.origin };
    }
    return this.shown.url.href;
  }

  /** Fills in and sends the form of the page that is shown. */
  async send(filled: Readonly<Record<string, string>>, until?: string): Promise<string> {
    const { text, url } = this.shown;
    const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(text) ?? [];
    const form = new URLSearchParams(filled);
    for (const [, name = '', value = ''] of text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) form.set(name, value);
    return this.open(new URL(action, url).href, { form, ...(until !== undefined && { until }) });
  }

  /** The cookies of an address; those for the same site alone only if the site itself, or nobody, leads there. */
  private cookiesFor({ origin, pathname }: URL, isOwn: boolean): string {
    const sent = this.kept.filter((one) => one.origin === origin && pathname.startsWith(one.path) && (isOwn || one.sameSite !== 'strict'));
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  private async ask(url: URL, form: URLSearchParams | undefined, isOwn: boolean): Promise<Shown> {
    const headers = {
      cookie: this.cookiesFor(url, isOwn),
      host: url.host,
      'accept-language': 'en',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const answer = url.origin === ledger ? await this.askLedger(url, headers) : await askProvider(url, headers, form);
    for (const line of answer.headers.getSetCookie()) this.keep(line, url);
    this.answers.push(answer);
    return answer;
  }

  private async askLedger(url: URL, headers: Record<string, string>): Promise<Shown> {
    const answer = await this.application.inject({ method: 'GET', url: `${url.pathname}${url.search}`, headers });
    const told = new Headers();
    for (const [name, values = []] of Object.entries(answer.headers)) for (const value of [values].flat()) told.append(name, String(value));
    return { url, status: answer.statusCode, headers: told, text: answer.body };
  }

  private keep(line: string, { origin }: URL): void {
    const { name, value = '', path = '/', maxAge, expires, sameSite } = parseSetCookie(line);
    this.kept = this.kept.filter((one) => one.name !== name || one.origin !== origin || one.path !== path);
    if (maxAge === 0 || (expires && expires.getTime() < Date.now())) return;
    this.kept.push({ name, value, origin, path, sameSite });
  }
}

async function askProvider(url: URL, headers: Record<string, string>, form: URLSearchParams | undefined): Promise<Shown> {
  const answer = await fetch(url, { redirect: 'manual', headers, ...(form && { method: 'POST', body: form.toString() }) });
  return { url, status: answer.status, headers: answer.headers, text: await answer.text() };
}
