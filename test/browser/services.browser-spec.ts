/** Clerk, finance, auditor and citizen in the distributed ledger, on Kafka and MongoDB. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openDistributed, ready, type Distributed } from '../support/services.js';
import { openBrowser } from './browser.js';
import { tellStory } from './journeys/story.js';
import { tellMinistryYear } from './journeys/year-story.js';
import type { Place } from './journeys/place.js';

describe('a programme on Kafka and MongoDB', () => {
  let browser: Browser;
  let distributed: Distributed;
  let place: Place;
  beforeAll(async () => {
    distributed = await openDistributed();
    const [commands, projections] = await Promise.all([distributed.start('commands'), distributed.start('projections')]);
    const queries = await distributed.start('queries', 'queries', { COMMANDS_URL: commands.url });
    await Promise.all([commands, projections, queries].map((service) => ready(service)));
    const { token } = distributed;
    const [clerk, finance, controller, auditor] = await Promise.all([
      token('ministry', 'ministry-of-justice'),
      token('finance', 'ministry-of-finance'),
      token('finance', 'treasury'),
      token('auditor', 'chamber-of-accounts'),
    ]);
    place = {
      url: queries.url,
      tokens: { clerk, finance, controller, auditor },
      clients: await distributed.clients(commands.url, queries.url),
    };
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await distributed.stop();
  });

  tellStory('scripted', {}, () => ({ browser, place }));
  tellMinistryYear('year', () => ({ browser, place }));
  tellStory('plain', { javaScriptEnabled: false }, () => ({ browser, place }));
});
