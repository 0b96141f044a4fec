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
  statementOrdered,
  statementPublished,
} from '../testing/given.js';

const published = (position: number) => ({ position, size: 2, root: 'ab'.repeat(32), definition: 'sums-1' }) as const;

describe('ordering a statement', () => {
  it('is for auditors, finance and admins', () => {
    for (const by of [auditor, finance, admin])
      given(established())
        .when(orderStatement({ by }))
        .then(expected('StatementOrdered', 2, {}, {}, { by }));
    given(established())
      .when(command('OrderStatement', { reason: 'an audit' }))
      .then(expected('StatementOrdered', 2, { reason: 'an audit' }, {}, { by: auditor }));
  });
  it('is refused while an earlier order waits for its statement', () => {
    given(established(), granted(100n), statementOrdered())
      .when(orderStatement())
      .thenRefused(
        'statement-ordered',
        'the statement that was ordered at position 3 of p is not published yet; order the next one when it is',
      );
  });
  it('is possible again once a statement of the order’s position or a later one is published', () => {
    for (const [before, position] of [
      [[established(), statementOrdered()], 2],
      [[established(), statementOrdered(), granted(100n)], 3],
    ] as const)
      given([...before], statementPublished(position))
        .when(orderStatement())
        .then(expected('StatementOrdered', before.length + 2, {}, {}, { by: auditor }));
  });
  it('stays refused after a statement of an earlier position, which does not answer the order', () => {
    given(established(), granted(100n), statementOrdered(), statementPublished(2))
      .when(orderStatement())
      .thenRefused(
        'statement-ordered',
        'the statement that was ordered at position 3 of p is not published yet; order the next one when it is',
      );
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
