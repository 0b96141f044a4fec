/** The one way from untrusted input to a command: routes, the batch and the import all parse and validate here. */
import { isIsoDate } from '../domain/calendar.js';
import { type Command, type CommandType, type InitiativeCommandType, type ProgrammeCommandType } from '../domain/commands.js';
import { initiativeCommandTypes, programmeCommandTypes } from '../domain/capabilities.js';
import { codePattern, idPattern, type Actor, type Party } from '../domain/vocabulary.js';
import { trusted } from '../trusted/trusted.js';
import { commandBodies } from './dto/command-bodies.js';
import { isVersion } from './fields.js';
import { isObject } from './is-object.js';
import { MalformedJson, parseJsonObject } from './json.js';
import { malformed, MalformedCommand, type Fault } from './malformed-command.js';
import { readData } from './read-data.js';
import { readReferences } from './read-references.js';
import { shortName } from './redact-tokens.js';

/** A command as it arrived, with its address, headers and sender. Nothing of it is trusted. */
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
  references?: unknown;
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
  const references = sent.references === undefined ? undefined : readReferences(sent.references, faults);
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
    ...(references && { references }),
  };
  const command = initiative === undefined ? { ...envelope, type, data } : { ...envelope, type, initiative, data };
  // Its type, target and data belong together: anything that does not fit is a fault by now.
  return trusted(command);
}

const lineFields: ReadonlySet<string> = new Set([
  ...['commandId', 'type', 'initiative', 'occurredOn', 'onBehalfOf', 'expectedVersion', 'references', 'data'],
]);

/** Parses a line of a batch: the command's own fields under `data`. @throws {MalformedCommand} */
export function parseBatchLine(line: string, programme: string, actor: Actor): Command {
  const sent = parseObject(line);
  for (const name of Object.keys(sent))
    if (!lineFields.has(name))
      throw malformed(shortName(name), `${shortName(name)} is no field of a line; there are ${[...lineFields].join(', ')}`);
  const { type, data, ...others }: { [K in Exclude<keyof Sent, 'correlationId'>]?: unknown } = sent;
  if (typeof type !== 'string') throw malformed('type', 'type must name a command, such as "RecordSpending"');
  return parseCommand({ commandId: undefined, ...others, type, programme, data: data ?? {} }, actor);
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

/** An admin may act for finance or a ministry; nobody else may act for others. */
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
