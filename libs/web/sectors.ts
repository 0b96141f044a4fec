import type { Speech, TextKey } from './speech.js';

/** The divisions of COFOG, by the code that a sector begins with. */
const divisions: Readonly<Record<string, TextKey>> = {
  '01': 'cofog01',
  '02': 'cofog02',
  '03': 'cofog03',
  '04': 'cofog04',
  '05': 'cofog05',
  '06': 'cofog06',
  '07': 'cofog07',
  '08': 'cofog08',
  '09': 'cofog09',
  '10': 'cofog10',
};

/** A sector's code and the name of its division. */
export function sectorInWords(speech: Speech, sector: string): string {
  const division = divisions[sector.slice(0, 2)];
  return division === undefined ? sector : `${sector} ${speech.say(division)}`;
}
