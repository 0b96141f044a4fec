import { describe, expect, it } from '@jest/globals';
import { en } from './messages/en.js';
import { en as proofEn } from './messages/proof/en.js';
import { languageOf, languages, Speech, type TextKey } from './speech.js';

const som = { code: 'KGS', minorUnits: 2 };
/** Narrow and ordinary no-break spaces differ between versions of ICU. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('a page speaks', () => {
  it.each([
    [undefined, 'ky-KG,ky;q=0.9,ru;q=0.8', 'ky'],
    [undefined, 'ru-RU, en;q=0.5', 'ru'],
    [undefined, 'de, fr;q=0.9', 'en'],
    [undefined, undefined, 'en'],
    ['ru', 'ky', 'ru'],
    ['xx', 'ky', 'ky'],
    ['constructor', '', 'en'],
  ])('the language asked for (%s), else one that the browser takes (%s): %s', (asked, accepted, language) => {
    expect(languageOf(asked, accepted)).toBe(language);
  });

  it('every text in every language, with every placeholder', () => {
    const values = {
      day: 'D',
      happened: 'D',
      known: 'D',
      what: 'both',
      days: 2,
      entries: 2,
      average: '1.5',
      longest: 3,
      position: '7',
      moment: 'M',
      ago: 'A',
      id: 'I',
      type: 'T',
      source: 'S',
      text: 'T',
      currency: 'KGS',
      years: '2024',
      count: 2,
      points: '2',
      percent: 85,
      year: '2024',
      all: 3,
      running: 1,
      finalized: 2,
      shown: 60,
      quarter: '1',
      digest: 'D',
      amount: 'A',
    };
    /** What a text names beside the values above. */
    const othersIn = (text: string) => Object.fromEntries([...text.matchAll(/\{(\w+)/g)].map(([, name = '']) => [name, 'N']));
    for (const language of languages)
      for (const [key, text] of Object.entries({ ...en, ...proofEn }))
        expect(new Speech(language).say(key as TextKey, { ...othersIn(text), ...values })).not.toMatch(/^$|\{|undefined/);
  });

  it('an age in the largest unit that is full', () => {
    const now = Date.parse('2024-03-09T12:00:00.000Z');
    const ago = (language: 'ky' | 'ru' | 'en', instant: string) => plain(new Speech(language).ago(instant, now));
    expect(['12:00:01', '12:00:00', '11:59:59', '11:58:01', '10:30:00'].map((time) => ago('en', `2024-03-09T${time}.000Z`))).toEqual([
      'now',
      'now',
      '1 second ago',
      '1 minute ago',
      '1 hour ago',
    ]);
    expect(['2024-03-08', '2024-02-28', '2024-02-01', '2022-03-10', '2022-03-01'].map((day) => ago('en', `${day}T12:00:00.000Z`))).toEqual([
      '1 day ago',
      '10 days ago',
      '1 month ago',
      '1 year ago',
      '2 years ago',
    ]);
    expect([ago('ru', '2024-03-07T12:00:00.000Z'), ago('ky', '2024-03-07T12:00:00.000Z')]).toEqual(['2 дня назад', '2 күн мурун']);
  });

  it('an amount to the last digit, however large', () => {
    const speech = new Speech('en');
    expect(plain(speech.money('999999999999999999', som))).toBe('KGS 9,999,999,999,999,999.99');
    expect(plain(speech.money('-5', som))).toBe('-KGS 0.05');
    expect(plain(speech.amount('60000000000', som))).toBe('600,000,000.00');
    expect(plain(speech.amount('1234', { code: 'JPY', minorUnits: 0 }))).toBe('1,234');
    expect(plain(speech.amount('1234', { code: 'IQD', minorUnits: 3 }))).toBe('1.234');
    expect(plain(new Speech('ky').money('150', som))).toBe('1,50 сом');
  });

  it('a title in its language, else in another, and says which', () => {
    expect(new Speech('ky').title({ en: 'E-notary', ky: 'Электрондук нотариус' })).toEqual({
      text: 'Электрондук нотариус',
      language: 'ky',
    });
    expect(new Speech('ky').title({ ru: 'Нотариат' })).toEqual({ text: 'Нотариат', language: 'ru' });
  });
});
