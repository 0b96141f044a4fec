/** A sender's next read includes what the sender was told is recorded, without a header. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../command-processing/outcome.js';
import type { Actor } from '../domain/vocabulary.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { OwnWrites } from './own-writes.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

const accepted = (programme: string, position: number): Outcome => ({
  kind: 'accepted',
  receipt: { commandId: 'c', programme, version: 1, position, hash: '', events: [] },
});
const sender = (id: string, organisation = 'o'): Actor => ({ id, organisation, role: 'admin' });

describe('the position that a sender was told', () => {
  it('is the latest position of each programme, by sender and organisation', () => {
    const own = new OwnWrites();
    own.told(sender('u'), 'p', accepted('p', 7));
    own.told(sender('u'), 'p', accepted('p', 6));
    own.told(sender('u'), 'q', accepted('q', 1));
    own.told(sender('u'), 'q', { kind: 'refused', commandId: 'c', code: 'forbidden', detail: '', figures: {} });
    expect([own.in('p', sender('u')), own.in('q', sender('u')), own.in('p', sender('u', 'other')), own.in('p', undefined)]).toEqual([
      7,
      1,
      undefined,
      undefined,
    ]);
    expect(own.of(sender('u'))).toEqual([
      ['p', 7],
      ['q', 1],
    ]);
    expect(own.of(undefined)).toEqual([]);
  });
  it('takes bounded memory: of one sender the latest programmes, of all the latest senders', () => {
    const own = new OwnWrites();
    for (let n = 0; n < 20; n++) own.told(sender('u'), `p-${n}`, accepted(`p-${n}`, 1));
    expect(own.of(sender('u')).map(([programme]) => programme)).toEqual(Array.from({ length: 8 }, (_, n) => `p-${n + 12}`));
    for (let n = 0; n < 10_001; n++) own.told(sender(`u-${n}`), 'p', accepted('p', 1));
    expect([own.of(sender('u')), own.of(sender('u-0')), own.of(sender('u-1'))]).toEqual([[], [], [['p', 1]]]);
  });
});

/** Read models that take no writes while they are held back. */
class HeldBack extends MemoryReadModels {
  private gate = Promise.resolve();
  goOn: () => void = () => undefined;

  hold(): void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.gate = promise.then(() => undefined);
    this.goOn = () => {
      resolve(undefined);
    };
  }
  override async save(...change: Parameters<MemoryReadModels['save']>): ReturnType<MemoryReadModels['save']> {
    await this.gate;
    return super.save(...change);
  }
}

describe('a read that follows a receipt', () => {
  const models = new HeldBack();
  let app: TestApplication;
  let [admin, justice] = ['', ''];
  beforeAll(async () => {
    app = await openTestApplication({}, models);
    [admin, justice] = await Promise.all([app.token('admin', 'cabinet'), app.token('ministry', 'ministry-of-justice')]);
  });
  afterAll(() => app.close());
  const establish = (programme: string) =>
    app.send('PUT', `/programmes/${programme}`, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'multi-year' },
    });
  /** Reads while nothing is folded: others see nothing yet; once folding continues, the reader gets the answer. */
  async function readAhead(path: string, token: string) {
    const answer = app.send('GET', path, { token });
    const others = await app.send('GET', path);
    models.goOn();
    return { own: await answer, others };
  }

  it('sees it: the programme, an initiative, a list', async () => {
    models.hold();
    expect((await establish('p')).status).toBe(201);
    const programme = await readAhead('/programmes/p', admin);
    expect([programme.own.status, programme.others.status]).toEqual([200, 404]);

    models.hold();
    const body = { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' };
    const receipt = await app.send('POST', '/programmes/p/initiatives', { token: justice, body });
    const initiative = await readAhead('/programmes/p/initiatives/i', justice);
    expect([initiative.own.status, initiative.others.status]).toEqual([200, 404]);
    expect(initiative.own.headers['ledger-position']).toBe(String(receipt.json['position']));
  });
  it.each(['/programmes', '/heads'])('sees it in %s, which are of no one programme', async (path) => {
    models.hold();
    const programme = `of${path.replace('/', '-')}`;
    expect((await establish(programme)).status).toBe(201);
    const { own, others } = await readAhead(path, admin);
    const named = ({ json }: { json: Record<string, unknown> }) => (json['items'] as { programme: string }[]).map((one) => one.programme);
    expect([named(own).includes(programme), named(others).includes(programme)]).toEqual([true, false]);
  });
  it('is answered with what is folded, and its position, if its own write is not in time; 503 is for a position that it names', async () => {
    await establish('late');
    const before = await app.send('GET', '/programmes/late', { token: admin });
    models.hold();
    const body = { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' };
    const receipt = await app.send('POST', '/programmes/late/initiatives', { token: justice, body });
    const named = { 'ledger-position': String(receipt.json['position']) };
    const [own, heads, asked] = await Promise.all([
      app.send('GET', '/programmes/late', { token: justice }),
      app.send('GET', '/heads', { token: justice }),
      app.send('GET', '/programmes/late', { token: justice, headers: named }),
    ]);
    models.goOn();
    expect([own.status, own.headers['ledger-position'], heads.status]).toEqual([200, before.headers['ledger-position'], 200]);
    expect([asked.status, asked.json['code'], asked.headers['retry-after']]).toEqual([503, 'read-models-behind', '1']);
  });
  it('sees the records of a batch', async () => {
    const lines = Array.from({ length: 50 }, (_, n) =>
      JSON.stringify({
        commandId: `b-${n}`,
        type: 'ProposeInitiative',
        initiative: `b-${n}`,
        data: { title: { en: 'I' }, authority: 'ministry-of-justice' },
      }),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    await app.send('POST', '/programmes/p/commands', { token: justice, body: lines.join('\n'), headers });
    const { json } = await app.send('GET', '/programmes/p/initiatives?q=b-&limit=1000', { token: justice });
    expect(json['items']).toHaveLength(50);
  });
});
