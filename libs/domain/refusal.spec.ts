import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type RefusalCode, refusalCodes } from './capabilities.js';

/** The processor, not the domain, decides these, from the command ids and programmes that it knows. */
const ofTheProcessor: readonly RefusalCode[] = ['unknown-programme', 'command-id-reused', 'undecidable', 'clock-behind'];

describe('every refusal code', () => {
  const specs = readdirSync('libs/domain', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => readFileSync(`libs/domain/${name}`, 'utf8'))
    .join('\n');
  const processor = ['processor', 'clock'].map((name) => readFileSync(`libs/command-processing/${name}.spec.ts`, 'utf8')).join('\n');

  /** The code with its sentence: in the refusal that a spec expects, in a table of those, or in a sentence with figures. */
  const withItsSentence = (code: RefusalCode) => new RegExp(`thenRefused\\(\\s*'${code}',\\s*\\S|code: '${code}',|'${code}',\\s*\``);

  it.each(refusalCodes)('%s is refused with in a spec, with its sentence', (code) => {
    if (ofTheProcessor.includes(code)) expect(processor).toContain(`'${code}'`);
    else expect(specs).toMatch(withItsSentence(code));
  });
});
