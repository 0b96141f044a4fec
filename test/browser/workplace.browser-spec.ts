/** Clerk, finance, auditor and citizen in an embedded ledger. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { tokenFor } from '../support/ledger-process.js';
import { clientsFor } from '../support/programme.js';
import { openBoth, type Served } from './browser.js';
import { tellStory } from './journeys/story.js';
import { tellMinistryYear } from './journeys/year-story.js';
import type { Place } from './journeys/place.js';
import { tokensOf } from './people.js';

describe('a programme in one process', () => {
  let browser: Browser;
  let ledger: Served;
  let place: Place;
  beforeAll(async () => {
    [browser, ledger] = await openBoth('serve');
    const { url, folder } = ledger;
    const controller = await tokenFor(folder, 'finance', 'ministry-of-finance', 'controller');
    place = { url, tokens: { ...(await tokensOf(folder)), controller }, clients: await clientsFor(url, folder) };
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  tellStory('scripted', {}, () => ({ browser, place }));
  tellMinistryYear('year', () => ({ browser, place }));
  tellStory('plain', { javaScriptEnabled: false }, () => ({ browser, place }));
});
