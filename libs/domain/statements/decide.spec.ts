import { describe, it } from '@jest/globals';
import {
  admin,
  auditor,
  command,
  established,
  expected,
  finance,
  given,
  granted,
  justice,
  orderStatement,
  publishStatement,
  statementPublished,
} from '../testing/given.js';

const published = (position: number) => ({ position, size: 2, root: 'ab'.repeat(32), definition: 'sums-1' }) as const;

describe('ordering a statement', () => {
  it('is for auditors, finance and admins, again and again', () => {
    for (const by of [auditor, finance, admin])
      given(established())
        .when(orderStatement({ by }))
        .then(expected('StatementOrdered', 2, {}, {}, { by }));
    given(established())
      .when(command('OrderStatement', { reason: 'an audit' }))
      .then(expected('StatementOrdered', 2, { reason: 'an audit' }, {}, { by: auditor }));
  });
  it('is not for a ministry', () => {
    given(established())
      .when(orderStatement({ by: justice }))
      .thenRefused('forbidden', 'OrderStatement is for finance or auditor or admin, not for ministry');
  });
});

describe('publishing a statement', () => {
  it('is about the programme as of any record so far', () => {
    for (const position of [1, 2])
      given(established(), granted(100n))
        .when(publishStatement(position))
        .then(expected('StatementPublished', 3, published(position), {}, { by: admin }));
  });
  it('of a record that is not there yet is refused', () => {
    given(established(), granted(100n))
      .when(publishStatement(3))
      .thenRefused('statement-ahead', 'p has 2 records, so there is no statement of position 3 yet');
  });
  it('follows the last one', () => {
    given(established(), granted(100n), statementPublished(1))
      .when(publishStatement(2))
      .then(expected('StatementPublished', 4, published(2), {}, { by: admin }));
    for (const position of [1, 2])
      given(established(), granted(100n), statementPublished(2))
        .when(publishStatement(position))
        .thenRefused('statement-exists', `the last statement of p is of position 2; the next one is of a later position, not ${position}`);
  });
  it('is for an admin alone', () => {
    given(established())
      .when(publishStatement(1, { by: auditor }))
      .thenRefused('forbidden', 'PublishStatement is for admin, not for auditor');
  });
});
