/** A person with a browser: keeps the session's cookie, fills in the forms of pages, and follows the redirects of answers. */
import { expect } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export type Seen = { status: number; headers: Record<string, unknown>; text: string; path: string };
type Fields = Readonly<Record<string, string | readonly string[]>>;

const sentFromHere = { host: 'ledger.test', origin: 'http://ledger.test', 'sec-fetch-site': 'same-origin' };
const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const attribute = (tag: string, name: string) => unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** A form with a file, as a browser sends it (RFC 7578). */
export function withFile(fields: URLSearchParams, file: Uint8Array | string): { body: Buffer; type: string } {
  const boundary = 'a-boundary-of-forms';
  const parts = [...fields]
    .filter(([name]) => name !== 'file')
    .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="rows.csv"\r\ncontent-type: text/csv\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join('') + head), Buffer.from(file), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

export class Person {
  private readonly cookies = new Map<string, string>();
  /** The page that is open. */
  seen: Seen = { status: 0, headers: {}, text: '', path: '' };

  constructor(private readonly application: NestFastifyApplication) {}

  /** The cookies that the browser keeps, as it sends them. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  /** Has the browser keep these and no others. */
  set cookie(sent: string) {
    this.cookies.clear();
    if (sent !== '') for (const one of sent.split('; ')) this.keep(one);
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  static async signedIn(application: NestFastifyApplication, token: string): Promise<Person> {
    const person = new Person(application);
    await person.get('/workspace/sign-in');
    await person.send('/workspace/sign-in', { token });
    expect(person.cookie).not.toBe('');
    return person;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    return this.ask('GET', path, headers);
  }

  /** Posts the form of the open page that goes to this path, with its hidden fields, what is filled in, and the button that is pressed. */
  async send(path: string, filled: Fields = {}, headers: Record<string, string> = sentFromHere): Promise<Seen> {
    return this.post(path, this.formTo(path, filled), headers);
  }

  /** Posts a body as it is. */
  async post(path: string, body: string, headers: Record<string, string> = sentFromHere): Promise<Seen> {
    return this.ask('POST', path, { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body);
  }

  /** Posts the form of the open page that goes to this path with a file. */
  async upload(
    path: string,
    file: Uint8Array | string,
    filled: Fields = {},
    headers: Record<string, string> = sentFromHere,
  ): Promise<Seen> {
    const { body, type } = withFile(new URLSearchParams(this.formTo(path, filled)), file);
    return this.ask('POST', path, { ...headers, 'content-type': type }, body);
  }

  /** Follows the redirect of the last answer. */
  async follow(): Promise<Seen> {
    expect([this.seen.status, this.seen.text]).toEqual([303, '']);
    return this.get(String(this.seen.headers['location']));
  }

  /** The body of a form of the open page. */
  formTo(path: string, filled: Fields = {}): string {
    const forms = [...this.seen.text.matchAll(/<form method="post"[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form);
    const form = forms.find((one) => attribute(one, 'action') === path);
    if (form === undefined)
      throw new Error(
        `no form of the page ${this.seen.path} goes to ${path}, but ${forms.map((one) => attribute(one, 'action')).join(', ')}`,
      );
    const body = new URLSearchParams();
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = attribute(input, 'name');
      if (name in filled || (/type="checkbox"/.test(input) && !/ checked/.test(input))) continue;
      body.append(name, attribute(input, 'value'));
    }
    for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g))
      if (!(name in filled)) body.append(name, unescaped(text));
    for (const [name, value] of Object.entries(filled)) for (const one of [value].flat()) body.append(name, one);
    return body.toString();
  }

  private async ask(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string | Buffer): Promise<Seen> {
    const answer = await this.application.inject({
      method,
      url: path,
      headers: { host: 'ledger.test', ...(this.cookie !== '' && { cookie: this.cookie }), ...headers },
      ...(body !== undefined && { payload: body }),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.keep(line);
    this.seen = { status: answer.statusCode, headers: answer.headers, text: answer.body.replaceAll(/[\u00a0\u202f]/g, ' '), path };
    return this.seen;
  }
}
