/** Checks that one schema accepts everything that could be written by an earlier one. */
import type { Upcasters } from '../../../libs/event-log/record.js';
import { asSchemas, isSchema, recordTypesIn, type JsonSchema } from './event-schemas.js';

/** The keywords that are compared one by one; any other keyword may not change. */
const compared = new Set([
  ...['type', 'const', 'enum', 'pattern', 'format', 'anyOf'],
  ...['properties', 'required', 'additionalProperties', '$ref', 'description', 'title'],
]);

/**
 * The changes by which a later version of the schemas would refuse earlier records, each as a path and a reason; empty if every record stays readable.
 * A type with a new `schema` number is read through upcasters: there must be one from each schema to the next.
 */
export function incompatibilities(before: JsonSchema, after: JsonSchema, upcasters: Upcasters): string[] {
  const faults: string[] = [];
  for (const type of recordTypesIn(before)) {
    const [old, now] = [before.definitions?.[type], after.definitions?.[type]];
    if (!old || !now) faults.push(`${type}: the type is gone`);
    else if (schemaOf(old) === schemaOf(now)) compare(type, old, now);
    else faults.push(...missingUpcasters(type, schemaOf(old), schemaOf(now), upcasters));
  }
  return faults;

  function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
    const name = typeof schema['$ref'] === 'string' ? decodeURIComponent(schema['$ref'].replace('#/definitions/', '')) : undefined;
    return name === undefined ? schema : (root.definitions?.[name] ?? {});
  }

  function compare(path: string, oldAt: JsonSchema, nowAt: JsonSchema): void {
    const [old, now] = [resolved(oldAt, before), resolved(nowAt, after)];
    const lost = typesOf(old).filter((type) => !typesOf(now).includes(type));
    if (typesOf(now).length > 0 && (lost.length > 0 || typesOf(old).length === 0))
      faults.push(`${path}: ${lost.join(', ') || 'any type'} is no longer taken`);
    const [allowed, allowedNow] = [valuesOf(old), valuesOf(now)];
    if (allowedNow && (!allowed || allowed.some((value) => !allowedNow.includes(value)))) faults.push(`${path}: fewer values are taken`);
    if (now['pattern'] !== undefined && now['pattern'] !== old['pattern']) faults.push(`${path}: another pattern`);
    if (now['format'] !== undefined && now['format'] !== old['format']) faults.push(`${path}: another format`);
    compareAlternatives(path, schemasIn(old['anyOf']), schemasIn(now['anyOf']));
    compareProperties(path, old, now);
    for (const keyword of new Set([...Object.keys(old), ...Object.keys(now)]))
      if (!compared.has(keyword) && JSON.stringify(old[keyword]) !== JSON.stringify(now[keyword]))
        faults.push(`${path}: another ${keyword}`);
  }

  function compareAlternatives(path: string, old: readonly JsonSchema[], now: readonly JsonSchema[]): void {
    if ((old.length === 0) !== (now.length === 0)) faults.push(`${path}: other alternatives`);
    else
      for (const [index, alternative] of old.entries()) {
        const alternativeNow = now[index];
        if (alternativeNow) compare(`${path}|${index}`, alternative, alternativeNow);
        else faults.push(`${path}: an alternative is gone`);
      }
  }

  function compareProperties(path: string, old: JsonSchema, now: JsonSchema): void {
    const [fields, fieldsNow] = [asSchemas(old['properties']), asSchemas(now['properties'])];
    for (const [name, field] of Object.entries(fields)) {
      const fieldNow = fieldsNow[name];
      if (fieldNow) compare(`${path}.${name}`, field, fieldNow);
      else if (now['additionalProperties'] === false) faults.push(`${path}.${name}: the field is gone`);
    }
    for (const name of textsIn(now['required'])) if (!textsIn(old['required']).includes(name)) faults.push(`${path}.${name}: now required`);
    const [others, othersNow] = [old['additionalProperties'], now['additionalProperties']];
    if (isSchema(others) && isSchema(othersNow)) compare(`${path}.*`, others, othersNow);
    else if (others !== false && othersNow !== others && othersNow !== undefined) faults.push(`${path}: other fields are no longer taken`);
  }
}

/** The `schema` number in a record. */
export function schemaOf(record: JsonSchema): number {
  return Number(asSchemas(record['properties'])['schema']?.['const']);
}

function missingUpcasters(type: string, from: number, to: number, upcasters: Upcasters): string[] {
  if (!(from < to)) return [`${type}: schema ${from} has become ${to}`];
  const steps = new Map(Object.entries(upcasters)).get(type);
  return Array.from({ length: to - from }, (_, step) => from + step)
    .filter((schema) => steps?.[schema] === undefined)
    .map((schema) => `${type}: there is no upcaster from schema ${schema} to ${schema + 1}`);
}

function schemasIn(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter((one) => isSchema(one)) : [];
}

function typesOf({ type }: JsonSchema): string[] {
  return typeof type === 'string' ? [type] : textsIn(type);
}

function valuesOf(schema: JsonSchema): unknown[] | undefined {
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
