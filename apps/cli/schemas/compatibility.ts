/** Whether everything that was ever written by one schema is still read by another. */
import { asSchemas, isSchema, recordTypesIn, type JsonSchema } from './event-schemas.js';

/** What a later version of the schemas no longer accepts, each as a path and a reason; empty where every record stays readable. */
export function incompatibilities(before: JsonSchema, after: JsonSchema): string[] {
  const faults: string[] = [];
  for (const type of recordTypesIn(before)) {
    const [old, now] = [before.definitions?.[type], after.definitions?.[type]];
    if (old && now) compare(type, old, now);
    else faults.push(`${type}: the type is gone`);
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
    if (JSON.stringify(old['anyOf']) !== JSON.stringify(now['anyOf'])) faults.push(`${path}: other alternatives`);
    compareProperties(path, old, now);
  }

  function compareProperties(path: string, old: JsonSchema, now: JsonSchema): void {
    const [fields, fieldsNow] = [asSchemas(old['properties']), asSchemas(now['properties'])];
    for (const [name, field] of Object.entries(fields)) {
      const fieldNow = fieldsNow[name];
      if (fieldNow) compare(`${path}.${name}`, field, fieldNow);
      else if (now['additionalProperties'] === false) faults.push(`${path}.${name}: the field is gone`);
    }
    for (const name of textsIn(now['required'])) if (!textsIn(old['required']).includes(name)) faults.push(`${path}.${name}: now required`);
    if (isSchema(old['additionalProperties']) && isSchema(now['additionalProperties']))
      compare(`${path}.*`, old['additionalProperties'], now['additionalProperties']);
  }
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
