/** The language is changed on a page with a form. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('a change of language on a page with a form', () => {
  let place: Workplace;
  let clerk: Person;
  beforeAll(async () => {
    place = await openWorkplace();
    ({ clerk } = place);
  });
  beforeEach(() => clerk.get(`${path}?lang=en`));
  afterAll(() => place.app.close());

  const path = '/workspace/p/p/send/proposal';
  const filled = { initiative: 'e-notary', 'title.en': 'E-notary', occurredOn: '2024-05-01' };

  /** Presses the button of a language on the open page, which belongs to the page's form. */
  const change = async (language: string, typed: Readonly<Record<string, string>> = {}) => {
    const { text, path: here } = clerk.seen;
    const action = `${path}?lang=${language}`;
    const button = new RegExp(`<button[^>]* form="form" formaction="${action.replace('?', '\\?')}" name="again" value="(\\w+)"`).exec(text);
    expect(text).toContain('id="form"');
    await clerk.post(action, clerk.formTo(here, { ...typed, again: button?.[1] ?? 'no button' }));
    return clerk.seen;
  };

  it('keeps what is typed in a form that is not sent yet', async () => {
    const { status, text } = await change('ru', filled);
    expect([status, text.includes('<html lang="ru"'), text.includes('value="E-notary"')]).toEqual([200, true, true]);
    expect(text).not.toContain('aria-invalid');
  });

  it('keeps the faults of a form, in the new language, and the text typed since', async () => {
    await clerk.send(`${path}?lang=en`, { ...filled, initiative: '', step: 'check' });
    const { status, text } = await change('ru', { 'title.en': 'E-notary 2' });
    expect([status, text.includes('value="E-notary 2"'), text.includes('aria-invalid="true"')]).toEqual([400, true, true]);
    expect((await change('ky', { initiative: 'e-notary' })).text).not.toContain('aria-invalid');
  });

  it('keeps a check and its command id, so that the command is recorded once', async () => {
    await clerk.send(`${path}?lang=en`, { ...filled, step: 'check' });
    const id = /name="command-id" value="([^"]+)"/.exec(clerk.seen.text)?.[1];
    const { text } = await change('ky');
    expect(text).toContain(`name="command-id" value="${id}"`);
    expect(text).toContain('<html lang="ky"');
    await clerk.send(`${path}?lang=ky`, { step: 'record' });
    expect(clerk.seen.status).toBe(303);
    expect(clerk.seen.headers['location']).toContain(`/receipts/${id}?`);
  });

  it('leaves the Enter key to the check', () => {
    const [first] = /<button[^>]* form="form"[^>]*>/.exec(clerk.seen.text) ?? [];
    expect(first).toContain('name="step" value="check"');
  });

  it('is refused if another site asks for it', async () => {
    const elsewhere = { host: 'ledger.test', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    expect((await clerk.send(`${path}?lang=en`, { ...filled, again: 'edit' }, elsewhere)).status).toBe(403);
  });
});
