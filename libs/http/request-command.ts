/** From a request to a command: its address, its headers and its body say what it is. */
import type { FastifyRequest } from 'fastify';
import type { Command, CommandType } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { isObject } from './fields.js';
import { MalformedCommand, parseCommand, parseObject } from './parse-command.js';

/** The named parts of a request's path, as text. */
export function pathOf(request: FastifyRequest): { [name: string]: string | undefined } {
  return isObject(request.params) ? Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)])) : {};
}

/** The body as text, empty where there is none. */
export function textOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** Reads the command that a route takes. @throws {MalformedCommand} */
export function commandIn(request: FastifyRequest, type: CommandType, actor: Actor, newCommandId: () => string): Command {
  const { programme = '', initiative, ...named } = pathOf(request);
  const text = textOf(request);
  const { occurredOn, onBehalfOf, ...said }: { [field: string]: unknown } = { ...(text.trim() === '' ? {} : parseObject(text)) };
  // A proposal names its initiative in the body: the address is the list it joins.
  const { initiative: proposed, ...data } = type === 'ProposeInitiative' ? said : { initiative, ...said };
  if (type !== 'ProposeInitiative' && 'initiative' in said) throw inAddress('initiative');
  for (const name of Object.keys(named)) if (name in data) throw inAddress(name);
  const { 'idempotency-key': key, 'if-match': match } = request.headers;
  return parseCommand(
    {
      type,
      programme,
      initiative: proposed,
      commandId: key ?? newCommandId(),
      data: {
        ...data,
        ...Object.fromEntries(Object.entries(named).map(([name, value]) => [name, name === 'fiscalYear' ? yearIn(value) : value])),
      },
      occurredOn,
      onBehalfOf,
      ...(match !== undefined && { expectedVersion: versionIn(match) }),
    },
    actor,
  );
}

function inAddress(field: string): MalformedCommand {
  return new MalformedCommand([{ field, message: `${field} stands in the address; leave it out of the body` }]);
}
/** A year as the address has it; anything else is left for validation to name. */
function yearIn(text: string | undefined): unknown {
  return text !== undefined && /^\d{4}$/.test(text) ? Number(text) : text;
}
/** The version that an If-Match header names (RFC 9110, section 13.1.1). */
function versionIn(match: string): number {
  const [, version] = /^"([1-9]\d{0,14})"$/.exec(match) ?? [];
  if (version === undefined)
    throw new MalformedCommand([{ field: 'if-match', message: 'if-match must be one version in quotes, such as "7"' }]);
  return Number(version);
}
