/** A small client for tests: JSON in and out, with the status and the headers that matter. */
export type Answer = { status: number; body: Record<string, unknown>; headers: Headers; text: string };

export class Client {
  constructor(
    private readonly url: string,
    readonly token?: string,
    /** The address for reads, if it is another one. */
    private readonly queries: string = url,
  ) {}

  as(token: string): Client {
    return new Client(this.url, token, this.queries);
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch((method === 'GET' ? this.queries : this.url) + path, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && !response.headers.get('content-type')?.includes('ndjson');
    return {
      status: response.status,
      body: json && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
      headers: response.headers,
      text,
    };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }
  /** Repeats a read after 503 until the answer is as new as a position. */
  async getAt(path: string, position: number): Promise<Answer> {
    for (;;) {
      const answer = await this.get(path, { 'ledger-position': String(position) });
      if (answer.status !== 503) return answer;
    }
  }
  post(path: string, body: unknown = {}, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('PUT', path, body, headers);
  }
  /** Sends lines to the batch endpoint and returns the lines of its answer. */
  async batch(programme: string, lines: readonly unknown[]): Promise<Record<string, unknown>[]> {
    const { text, status } = await this.send(
      'POST',
      `/programmes/${programme}/commands`,
      lines.map((line) => JSON.stringify(line)).join('\n'),
      {
        'content-type': 'application/x-ndjson',
      },
    );
    if (status !== 200) throw new Error(`the batch was answered ${status}: ${text}`);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
