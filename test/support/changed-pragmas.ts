/**
 * Loaded before a process and each of its threads (`--import`): gives pragmas of SQLite the values in `CHANGED_PRAGMAS`, such as
 * `{"synchronous":"OFF"}`, instead of those that the process sets.
 */
import { DatabaseSync } from 'node:sqlite';

const changed = Object.entries(JSON.parse(process.env['CHANGED_PRAGMAS'] ?? '{}') as Record<string, string>);
const exec = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec')?.value as (this: DatabaseSync, sql: string) => void;

DatabaseSync.prototype.exec = function (sql) {
  exec.call(
    this,
    changed.reduce(
      (text, [pragma, value]) => text.replaceAll(new RegExp(`PRAGMA ${pragma} = \\w+`, 'g'), `PRAGMA ${pragma} = ${value}`),
      sql,
    ),
  );
};
