import { SourceBody } from './dto/source-body.js';
import { field, fieldsOf, type Options } from './fields.js';
import { isObject } from './is-object.js';

/** The source of money: its kind, its giver and the agreement. */
export function SourceField(options: Options): PropertyDecorator {
  const says =
    'an object such as {"kind":"grant","party":"World Bank","agreement":"TF-0B8872"}: its kind is one of budget, grant, loan, own, the others are texts of 1 to 200 characters and may be left out';
  return field({ name: 'source', holds: isSource, says }, { type: SourceBody }, options);
}

function isSource(value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  const fields = fieldsOf(SourceBody);
  const given = Object.entries(value);
  return 'kind' in value && given.every(([name, part]) => fields.get(name)?.holds(part) ?? false);
}
