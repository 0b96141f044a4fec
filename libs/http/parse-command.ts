/** The one way from untrusted input to a command: routes, the batch and the import all parse and validate here. */
import { validateSync, type ValidationError } from 'class-validator';
import { isIsoDate } from '../domain/calendar.js';
import {
  type Command,
  type CommandData,
  type CommandType,
  type InitiativeCommandType,
  type ProgrammeCommandType,
} from '../domain/commands.js';
import { initiativeCommandTypes, programmeCommandTypes } from '../domain/capabilities.js';
import { codePattern, idPattern, type Actor, type Party } from '../domain/vocabulary.js';
import { trusted } from '../trusted/trusted.js';
import { commandBodies } from './dto/command-bodies.js';
import { fieldsOf, isObject, isVersion } from './fields.js';
import { MalformedJson, parseJsonObject } from './json.js';
import { shortName } from './redact-tokens.js';

/** One thing wrong with a command, and what would be right. */
export type Fault = { field: string; message: string };

/** So many faults are named at most. */
const mostFaults = 20;

/** The input is no command; every fault is named, the first 20 where there are more. */
export class MalformedCommand extends Error {
  override readonly name = 'MalformedCommand';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const named = faults.slice(0, mostFaults);
    super(named.map(({ message }) => message).join('; '));
    this.faults = named;
  }
}
const malformed = (field: string, message: string) => new MalformedCommand([{ field, message }]);

/** A command as it arrived: what it asks for, and everything said about it. Nothing of it is trusted. */
export type Sent = {
  type: string;
  programme: string;
  initiative?: unknown;
  commandId: unknown;
  data: unknown;
  occurredOn?: unknown;
  onBehalfOf?: unknown;
  expectedVersion?: unknown;
  correlationId?: string;
};

const aCode = 'a code of 1 to 64 small letters, digits and hyphens, beginning with a letter or digit';
const aType = `one of ${[...programmeCommandTypes, ...initiativeCommandTypes].join(', ')}`;

/** @throws {MalformedCommand} */
export function parseCommand(sent: Sent, actor: Actor): Command {
  const faults: Fault[] = [];
  const expect = <T>(field: string, value: unknown, is: (value: unknown) => value is T, right: string): T | undefined => {
    if (is(value)) return value;
    faults.push({ field, message: `${field} must be ${right}` });
    return undefined;
  };
  const type = expect('type', sent.type, isCommandType, aType);
  const programme = expect('programme', sent.programme, isCode, aCode);
  const commandId = expect('commandId', sent.commandId, isId, 'an id of 1 to 64 letters, digits, dots, underscores and hyphens');
  const occurredOn =
    sent.occurredOn === undefined ? undefined : expect('occurredOn', sent.occurredOn, isDate, 'a day that exists, written YYYY-MM-DD');
  const expectedVersion =
    sent.expectedVersion === undefined
      ? undefined
      : expect('expectedVersion', sent.expectedVersion, isVersion, 'a whole number of at least 1');
  const by = sent.onBehalfOf === undefined ? actor : onBehalfOf(sent.onBehalfOf, actor, faults);
  const initiative = type && isInitiativeCommand(type) ? expect('initiative', sent.initiative, isCode, aCode) : undefined;
  if (type && !isInitiativeCommand(type) && sent.initiative !== undefined)
    faults.push({ field: 'initiative', message: `initiative has no place in ${type}: it is a command to the programme` });
  const data = type && readData(type, sent.data, faults);
  if (faults.length > 0 || !type || !data || programme === undefined || commandId === undefined) throw new MalformedCommand(faults);
  const envelope = {
    programme,
    commandId,
    actor: by,
    ...(occurredOn !== undefined && { occurredOn }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(sent.correlationId !== undefined && { correlationId: sent.correlationId }),
  };
  const command = initiative === undefined ? { ...envelope, type, data } : { ...envelope, type, initiative, data };
  // Its type, target and data belong together: what does not is a fault by now.
  return trusted(command);
}

const lineFields: ReadonlySet<string> = new Set(['commandId', 'type', 'initiative', 'occurredOn', 'onBehalfOf', 'expectedVersion', 'data']);

/** Parses a line of a batch: the command's own fields under `data`. @throws {MalformedCommand} */
export function parseBatchLine(line: string, programme: string, actor: Actor): Command {
  const sent = parseObject(line);
  for (const name of Object.keys(sent))
    if (!lineFields.has(name))
      throw malformed(shortName(name), `${shortName(name)} is no field of a line; there are ${[...lineFields].join(', ')}`);
  const { type, commandId, initiative, occurredOn, onBehalfOf, expectedVersion, data }: { [K in keyof Sent]?: unknown } = sent;
  if (typeof type !== 'string') throw malformed('type', 'type must name a command, such as "RecordSpending"');
  return parseCommand({ type, programme, commandId, initiative, occurredOn, onBehalfOf, expectedVersion, data: data ?? {} }, actor);
}

/** Parses one JSON object. @throws {MalformedCommand} */
export function parseObject(text: string): object {
  try {
    return parseJsonObject(text);
  } catch (error) {
    if (error instanceof MalformedJson) throw malformed('body', error.message);
    throw error;
  }
}

/** Validates a command's data against its class, and reads amounts into numbers. */
function readData(type: CommandType, data: unknown, faults: Fault[]): CommandData[CommandType] | undefined {
  if (!isObject(data) || Array.isArray(data)) {
    faults.push({ field: 'data', message: 'the command’s data must be a JSON object' });
    return undefined;
  }
  const { body, fields, required } = shapeOf(type);
  const sound = readSound(data, fields, required);
  // Each field keeps the rule that its type declares, and none is missing.
  if (sound) return trusted(sound);
  const values = new body();
  for (const [name, value] of Object.entries(data)) {
    if (faults.length >= mostFaults) break;
    if (!fields.has(name)) faults.push({ field: shortName(name), message: `${shortName(name)} is no field of ${type}${known(fields)}` });
    else if (value === null) faults.push({ field: name, message: `${name} must not be null; leave it out` });
    else Reflect.set(values, name, value);
  }
  if (fields.size > 0) faults.push(...validateSync(values, validation).flatMap(faultsIn));
  if (faults.length > 0) return undefined;
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) read[name] = fields.get(name)?.read?.(value) ?? value;
  // The class of the type has validated it, field by field.
  return trusted(read);
}

/** Reads data whose every field keeps its rule; `undefined` where one doesn't, whose faults are then named. */
function readSound(data: object, fields: Shape['fields'], required: number): Record<string, unknown> | undefined {
  const read: Record<string, unknown> = {};
  let missing = required;
  for (const [name, value] of Object.entries(data)) {
    const field = fields.get(name);
    if (!field?.holds(value)) return undefined;
    if (!field.optional) missing--;
    read[name] = field.read ? field.read(value) : value;
  }
  return missing === 0 ? read : undefined;
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

function known(fields: ReadonlyMap<string, unknown>): string {
  return fields.size === 0 ? ', which has none' : `; there are ${[...fields.keys()].join(', ')}`;
}

function faultsIn({ property, constraints = {} }: ValidationError): Fault[] {
  return Object.values(constraints).map((message) => ({ field: property, message }));
}

/** An admin may act for finance or a ministry, and nobody else for anybody. */
function onBehalfOf(sent: unknown, actor: Actor, faults: Fault[]): Actor {
  if (actor.role !== 'admin') faults.push({ field: 'onBehalfOf', message: 'onBehalfOf is for admins alone; leave it out' });
  else if (isParty(sent)) return { ...actor, onBehalfOf: { organisation: sent.organisation, role: sent.role } };
  else faults.push({ field: 'onBehalfOf', message: 'onBehalfOf must be {"organisation": a code, "role": "ministry" or "finance"}' });
  return actor;
}

function isParty(value: unknown): value is Party {
  return (
    isObject(value) &&
    Object.keys(value).length === 2 &&
    'organisation' in value &&
    isCode(value.organisation) &&
    'role' in value &&
    (value.role === 'ministry' || value.role === 'finance')
  );
}

function isCommandType(value: unknown): value is CommandType {
  return typeof value === 'string' && Object.hasOwn(commandBodies, value);
}
const initiativeCommands: ReadonlySet<CommandType> = new Set<InitiativeCommandType>(initiativeCommandTypes);
function isInitiativeCommand(type: CommandType): type is Exclude<CommandType, ProgrammeCommandType> {
  return initiativeCommands.has(type);
}
export function isCode(value: unknown): value is string {
  return typeof value === 'string' && codePattern.test(value);
}
export function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}
function isDate(value: unknown): value is string {
  return typeof value === 'string' && isIsoDate(value);
}
