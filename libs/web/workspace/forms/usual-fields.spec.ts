import { expect, it } from '@jest/globals';
import { usualFields } from './usual-fields.js';

it.each([
  ['carry-over', '2025-01-01', '2024'],
  ['carry-over', '2025-03-31', '2024'],
  ['carry-over', '2025-04-01', '2025'],
  ['funding', '2025-01-01', '2025'],
])('the form %s of %s begins with the fiscal year %s', (form, today, fiscalYear) => {
  expect(usualFields(form, today)).toEqual({ occurredOn: today, fiscalYear });
});
