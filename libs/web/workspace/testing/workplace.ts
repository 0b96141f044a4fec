/** A ledger with a workspace and people who work in it. */
import { openTestApplication, type TestApplication } from '../../../http/testing/application.js';
import { MemoryReadModels } from '../../../read-models/memory/memory-read-models.js';
import type { ShownDocument } from '../../../read-models/ports.js';
import { publicPages } from '../../public-pages.js';
import { workspaceControllers, workspaceProviders } from '../workspace.js';
import { Person } from './person.js';

export const secret = 'a secret for tests of thirty-two characters';

/** Read models whose records somebody altered. */
class AlterableReadModels extends MemoryReadModels {
  alter: (key: string, text: string) => string = (_key, text) => text;

  override async getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]> {
    const shown = await super.getAllShown(generation, collection, keys);
    return shown.map((document, index) => document && { ...document, text: this.alter(keys[index] ?? '', document.text) });
  }
}

export type Workplace = { app: TestApplication; models: AlterableReadModels; clerk: Person; finance: Person; auditor: Person };

/** Programme `p` with an appropriation of KGS 10,000.00 for 2024, and nothing else. */
export async function openWorkplace(): Promise<Workplace> {
  const models = new AlterableReadModels();
  const app = await openTestApplication(
    {
      pages: [...publicPages, ...workspaceControllers],
      pageProviders: workspaceProviders({ sessionSecret: secret, commandsUrl: '' }),
    },
    models,
  );
  const admin = await app.token('admin', 'cabinet');
  const moneyHolder = await app.token('finance', 'ministry-of-finance');
  await app.send('PUT', '/programmes/p', {
    token: admin,
    body: {
      title: { en: 'Digital services' },
      currency: 'KGS',
      timeZone: 'Asia/Bishkek',
      ceiling: 'enforced',
      years: 'annual',
      occurredOn: '2024-01-01',
    },
  });
  await app.send('POST', '/programmes/p/appropriations', {
    token: moneyHolder,
    body: { fiscalYear: 2024, amount: '1000000', legalBasis: 'law', occurredOn: '2024-01-01' },
  });
  return {
    app,
    models,
    clerk: await Person.signedIn(app.application, await app.token('ministry', 'ministry-of-justice')),
    finance: await Person.signedIn(app.application, moneyHolder),
    auditor: await Person.signedIn(app.application, await app.token('auditor', 'chamber-of-accounts')),
  };
}
