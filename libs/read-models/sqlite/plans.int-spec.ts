/** Every filter of initiatives with every sort, as SQLite plans to answer it. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { initiatives } from '../../projections/initiatives/collection.js';
import { conditionsOf, filterNames, mayRepeat, type FilterName } from '../../projections/initiatives/filters.js';
import { initiativeNotices } from '../../projections/notices/kinds.js';
import { statuses } from '../../domain/vocabulary.js';
import type { JsonObject, Query } from '../ports.js';
import { Table } from './table.js';

/** A database that notes which statements it is asked for. */
class Watched extends DatabaseSync {
  readonly statements = new Set<string>();
  override prepare(sql: string): StatementSync {
    this.statements.add(sql);
    return super.prepare(sql);
  }
}

const count = 600;
const [today, thresholds] = ['2024-07-01', { spent: [85], funded: [95] }] as const;
/** One of each kind is rare: held by a hundredth of the initiatives, and so begun with. */
const isRare = (index: number) => index % 100 === 7;
function bodyOf(index: number): JsonObject {
  const rare = isRare(index);
  const status = rare ? 'cancelled' : (statuses[index % 4] ?? 'proposed');
  return {
    ...{ programme: 'p', initiative: `i-${index}`, version: 1, status, authority: rare ? 'rare' : 'm', region: rare ? 'rare' : 'r' },
    ...{ sector: rare ? 'rare' : '04', suspended: rare, registeredAfterStart: rare, atRisk: rare, searched: `i-${index}` },
    ...{ years: [rare ? 2019 : 2024], openYears: [rare ? 2019 : 2024], absorption: rare ? 0.99 : 0.9 },
    ...{
      requestedAmount: String(index),
      funded: String(index * 7),
      spent: String(index * 3),
      returned: '0',
      available: String(index % 50),
    },
    ...{ proposedOn: '2024-01-01', plannedStart: '2024-01-01', plannedEnd: rare ? '2020-01-01' : '2024-06-01' },
    ...{ lastRecordedAt: rare ? '2020-01-01T00:00:00.000Z' : '2024-02-01T00:00:00.000Z' },
    ...{ milestoneDue: '2024-05-01', resultDue: '2024-05-01', assessedUntil: '2024-05-01' },
  };
}
/** Values of each filter that many initiatives have, and such that few have. */
const asked: { readonly [N in FilterName]: readonly [string | number | boolean, string | number | boolean] } = {
  status: ['funded', 'cancelled'],
  authority: ['m', 'rare'],
  region: ['r', 'rare'],
  sector: ['04', 'rare'],
  suspended: [false, true],
  fiscalYear: [2024, 2019],
  openFunds: [2024, 2019],
  absorptionAtLeast: [0.9, 0.95],
  plannedEndBefore: ['2024-06-02', '2020-01-02'],
  silentSince: ['2024-02-02', '2020-01-02'],
  notice: ['silent', 'registered-after-start'],
};

let database: Watched;
let table: Table;
beforeAll(() => {
  database = new Watched(':memory:');
  Table.create(database, 't', initiatives);
  table = new Table(database, 't', initiatives);
  database.exec('BEGIN');
  for (let index = 0; index < count; index++)
    table.write(table.rowOf({ collection: 'initiatives', document: { key: `p/i-${index}`, position: 1, body: bodyOf(index) } }));
  database.exec('COMMIT');
});
afterAll(() => {
  database.close();
});

/** How SQLite would answer a statement, step by step. */
const planOf = (sql: string) => {
  const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return rows.map(({ detail }) => String(detail));
};
/** The statements of some work that read pages. */
function statementsOf(work: () => void): string[] {
  // Another table has none of the statements that this one keeps.
  table = new Table(database, 't', initiatives);
  database.statements.clear();
  work();
  return [...database.statements].filter((sql) => / LIMIT \?$/.test(sql) && sql.includes(' AS sorted'));
}
const queryOf = (filter: object, sort: string, descending: boolean): Query => ({
  scope: 'p',
  ...conditionsOf(filter, today, thresholds),
  sort,
  descending,
  limit: 20,
});

describe('a list of initiatives, whether many have the value of its filter or few,', () => {
  it.each(filterNames)('by %s begins with an index, whatever its sort', (name) => {
    const notices = initiativeNotices.map((notice) => ({ notice }));
    const filters = name === 'notice' ? notices : asked[name].map((value) => ({ [name]: mayRepeat(name) ? [value] : value }));
    const faults: unknown[] = [];
    for (const filter of filters)
      for (const sort of initiatives.sorts)
        for (const descending of [false, true]) {
          const statements = statementsOf(() => table.findShown(queryOf(filter, sort, descending)));
          if (statements.length === 0) faults.push([filter, sort, 'asked nothing']);
          for (const sql of statements) {
            // Nothing is read from the table but by an index or a row number; what is in the order of its sort is not sorted.
            const inOrder = sql.includes(') AS examined');
            const wrong = planOf(sql).filter((step) => /^SCAN t\b/.test(step) || (inOrder && step.includes('TEMP B-TREE')));
            if (wrong.length > 0) faults.push([filter, sort, ...wrong]);
          }
        }
    expect(faults).toEqual([]);
  });
});

describe('a list of initiatives that finds too little in its order', () => {
  it('goes on with a filter that finds few, and begins with it at once from then on', () => {
    // A status is no filter to begin with, and two characters are too few to search by an index; together they find less than a page.
    const query = (descending: boolean) => ({ ...queryOf({ status: [statuses[0]], q: '00' }, 'plannedStart', descending), limit: 10 });
    const all: number[] = [];
    const [first, next] = [false, true].map((descending) => {
      database.statements.clear();
      if (!descending) table = new Table(database, 't', initiatives);
      all.push(table.findShown(query(descending)).documents.length);
      return [...database.statements].filter((sql) => sql.includes(' AS sorted'));
    });
    expect(all).toEqual([5, 5]);
    expect(first?.map((sql) => [sql.includes(' AS examined'), sql.includes('OFFSET')])).toEqual([
      [true, false],
      [false, false],
    ]);
    expect(next?.map((sql) => sql.includes(' AS examined'))).toEqual([false]);
  });
});

describe('a list of initiatives by status', () => {
  it.each(initiatives.dividedBy?.sorts ?? [])('sorted by %s reads the page alone, and merges several statuses', (sort) => {
    for (const status of [['funded'], ['funded', 'spending', 'finalizing'], [...statuses]]) {
      const [sql = '', ...others] = statementsOf(() => table.findShown(queryOf({ status }, sort, true)));
      expect(others).toEqual([]);
      expect(sql).not.toContain('WHERE t.');
      const plan = planOf(sql);
      expect(plan.filter((step) => step.startsWith('SEARCH t USING COVERING INDEX'))).toHaveLength(status.length);
      expect(plan.filter((step) => step.startsWith('MERGE'))).toHaveLength(status.length - 1);
    }
  });

  it('that no initiative can have is empty', () => {
    expect(table.findShown(queryOf({ status: ['unknown'] }, 'spent', false))).toEqual({ documents: [] });
  });
});
