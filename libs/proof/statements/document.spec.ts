import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { established, funded, granted, historyOf, proposed, spent, closed } from '../../domain/testing/given.js';
import type { EventRecord } from '../../event-log/record.js';
import {
  foldInitiative,
  foldProgramme,
  initiativeKey,
  leafText,
  programmeKey,
  readInitiative,
  readProgramme,
  withPosition,
} from './document.js';

const history = historyOf([established(), granted(1_000n), proposed(), funded(400n), spent(150n), closed(2023)]);
/** The events as records at consecutive positions. */
const records = history.events.map((event, index) => ({ ...event, position: index + 1 })) as EventRecord[];
const ofInitiative = records.filter(({ initiative }) => initiative === 'i');

const programme = records.reduce(
  (folded: ReturnType<typeof foldProgramme> | undefined, record) => foldProgramme(folded, record),
  undefined,
);
const initiative = ofInitiative.reduce(
  (folded: ReturnType<typeof foldInitiative> | undefined, record) => foldInitiative(folded, record),
  undefined,
);
/** The digest of positions as an outsider computes it. */
const digestOf = (positions: readonly number[]) => {
  let digest: Uint8Array = Buffer.alloc(32);
  for (const position of positions) {
    const next = Buffer.alloc(8);
    next.writeBigUInt64BE(BigInt(position));
    digest = createHash('sha256').update(digest).update(next).digest();
  }
  return Buffer.from(digest).toString('hex');
};

describe('a document of a statement', () => {
  it('says an initiative’s authority, status and sums by year, and which events it is folded from', () => {
    if (!initiative) throw new Error('nothing was folded');
    expect(leafText(initiativeKey('i'), initiative)).toBe(
      '{"document":{"authority":"ministry-of-justice","status":"spending","suspended":false,"years":{"2024":{"committed":"0","funded":"400","returned":"0","spent":"150"}}},' +
        `"key":"initiatives/i","positions":"${digestOf([3, 4, 5])}","versions":3}`,
    );
  });
  it('says a programme’s sums by year and its closed years, from every event of the programme and its initiatives', () => {
    if (!programme) throw new Error('nothing was folded');
    expect(leafText(programmeKey, programme)).toBe(
      '{"document":{"closed":[2023],"currency":"KGS","years":{"2024":{"appropriated":"1000","committed":"0","funded":"400","returned":"0","spent":"150"}}},' +
        `"key":"programme","positions":"${digestOf([1, 2, 3, 4, 5, 6])}","versions":6}`,
    );
  });
  it('is read back from its text as it was', () => {
    if (!programme || !initiative) throw new Error('nothing was folded');
    expect(readProgramme(leafText(programmeKey, programme))).toEqual(programme);
    expect(readInitiative(leafText('initiatives/i', initiative))).toEqual(initiative);
  });
  it('changes its digest with every position and their order', () => {
    const of = (...positions: number[]) => positions.reduce(withPosition, '0'.repeat(64));
    expect(new Set([of(), of(1), of(2), of(1, 2), of(2, 1), of(12)]).size).toBe(6);
  });
});
