/**
 * A command's data, from untrusted JSON to the domain's values. class-validator holds the rules of every field and names what breaks them. Data that
 * keeps them all is read in one pass over the same rules, which takes a tenth of the time (ADR 25); `read-data.spec.ts` shows that both accept the same.
 */
import { validateSync, type ValidationError } from 'class-validator';
import type { CommandData, CommandType } from '../domain/commands.js';
import { trusted } from '../trusted/trusted.js';
import { commandBodies } from './dto/command-bodies.js';
import { fieldsOf } from './fields.js';
import { isObject } from './is-object.js';
import { mostFaults, type Fault } from './malformed-command.js';
import { shortName } from './redact-tokens.js';

type Values = Record<string, unknown>;

/** Reads a command's data: amounts become numbers. Faults are added to `faults`, and the result is `undefined`. */
export function readData(type: CommandType, data: unknown, faults: Fault[]): CommandData[CommandType] | undefined {
  if (!isObject(data) || Array.isArray(data)) {
    faults.push({ field: 'data', message: 'the command’s data must be a JSON object' });
    return undefined;
  }
  const read = readInOnePass(type, data) ?? readByClass(type, data, faults);
  // Each field keeps the rule that its type declares, and none is missing.
  return read && trusted(read);
}

/** Data whose every field keeps its rule; `undefined` if one does not, or one is missing. */
export function readInOnePass(type: CommandType, data: object): Values | undefined {
  const { fields, required } = shapeOf(type);
  const read: Values = {};
  let missing = required;
  for (const [name, value] of Object.entries(data)) {
    const field = fields.get(name);
    if (!field?.holds(value)) return undefined;
    if (!field.optional) missing--;
    read[name] = field.read ? field.read(value) : value;
  }
  return missing === 0 ? read : undefined;
}

/** The same by class-validator, which names what is wrong. */
export function readByClass(type: CommandType, data: object, faults: Fault[]): Values | undefined {
  return readFields(commandBodies[type], type, data, faults);
}

/** Reads the fields that a class declares. `called` is the name of the object in a fault. */
export function readFields(body: new () => object, called: string, data: object, faults: Fault[]): Values | undefined {
  const fields = fieldsOf(body);
  const values = new body();
  const before = faults.length;
  for (const [name, value] of Object.entries(data)) {
    if (faults.length >= mostFaults) break;
    if (!fields.has(name))
      faults.push({ field: shortName(name), message: `${shortName(name)} is no field of ${called}${inWords(fields)}` });
    else if (value === null) faults.push({ field: name, message: `${name} must not be null; leave it out` });
    else Reflect.set(values, name, value);
  }
  if (fields.size > 0) faults.push(...validateSync(values, validation).flatMap(faultsIn));
  if (faults.length > before) return undefined;
  const read: Values = {};
  for (const [name, value] of Object.entries(values)) read[name] = fields.get(name)?.read?.(value) ?? value;
  return read;
}

const validation = { forbidUnknownValues: false, stopAtFirstError: true, validationError: { target: false, value: false } } as const;

type Shape = { body: new () => object; fields: ReturnType<typeof fieldsOf>; required: number };
const shapes = new Map<CommandType, Shape>();
function shapeOf(type: CommandType): Shape {
  const known = shapes.get(type);
  if (known) return known;
  const body = commandBodies[type];
  const fields = fieldsOf(body);
  const shape = { body, fields, required: [...fields.values()].filter(({ optional }) => !optional).length };
  shapes.set(type, shape);
  return shape;
}

function inWords(fields: ReadonlyMap<string, unknown>): string {
  return fields.size === 0 ? ', which has none' : `; there are ${[...fields.keys()].join(', ')}`;
}

function faultsIn({ property, constraints = {} }: ValidationError): Fault[] {
  return Object.values(constraints).map((message) => ({ field: property, message }));
}
