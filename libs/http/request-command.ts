/** From a request to a command: its address, its headers and its body say what it is. */
import { createParamDecorator, Inject, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Command, CommandType } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { knownSender, requestIn } from './access.js';
import { linesOf } from './batch.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { opaqueTagOf } from './entity-tags.js';
import { isObject } from './is-object.js';
import { malformed, MalformedCommand } from './malformed-command.js';
import { isCode, parseCommand, parseObject } from './parse-command.js';

type Path = { readonly [name: string]: string | undefined };
const nowhere: Path = {};

/** The named parts of a request's path, as text. */
function pathOf(request: FastifyRequest): Path {
  return isPath(request.params) ? request.params : nowhere;
}
function isPath(value: unknown): value is Path {
  return isObject(value) && Object.values(value).every((part) => typeof part === 'string');
}

/** A body as text, empty if there is none. */
function textIn(body: unknown): string {
  return typeof body === 'string' ? body : '';
}

/** What a body may say beside the command's data. */
const envelope: ReadonlySet<string> = new Set(['occurredOn', 'onBehalfOf', 'initiative', 'references']);

type SentCommand = { readonly type: CommandType; readonly request: FastifyRequest };
const SentCommand = createParamDecorator((type: CommandType, context: ExecutionContext): SentCommand => ({
  type,
  request: requestIn(context),
}));

/** Reads the command of a request. @throws {MalformedCommand} */
@Injectable()
class ReadCommand implements PipeTransform<SentCommand, Command> {
  constructor(@Inject(dependenciesToken) private readonly dependencies: Dependencies) {}
  transform({ type, request }: SentCommand): Command {
    return commandIn(request, type, knownSender(request), this.dependencies.newCommandId);
  }
}
/** A handler's parameter: the command of its type that the request sends. */
export const CommandOf = (type: CommandType): ParameterDecorator => SentCommand(type, ReadCommand);

/** The programme of an address, which a batch needs before its lines are read. */
export const programmeCode: PipeTransform<string, string> = {
  transform(text) {
    if (!isCode(text)) throw malformed('programme', 'programme must be a code');
    return text;
  },
};
/** The lines of a batch. */
export const batchLines: PipeTransform<unknown, string[]> = { transform: (body) => linesOf(textIn(body)) };

function commandIn(request: FastifyRequest, type: CommandType, actor: Actor, newCommandId: () => string): Command {
  const path = pathOf(request);
  const text = textIn(request.body);
  const said: { [field: string]: unknown } = text.trim() === '' ? {} : { ...parseObject(text) };
  // A proposal names its initiative in the body: the address is the list that it joins.
  if (path['initiative'] !== undefined && 'initiative' in said) throw inAddress('initiative');
  const data: { [field: string]: unknown } = {};
  for (const name of Object.keys(said)) if (!envelope.has(name)) data[name] = said[name];
  for (const name of Object.keys(path)) {
    if (name === 'programme' || name === 'initiative') continue;
    if (name in data) throw inAddress(name);
    data[name] = name === 'fiscalYear' ? yearIn(path[name]) : path[name];
  }
  const { 'idempotency-key': key, 'if-match': match } = request.headers;
  return parseCommand(
    {
      type,
      programme: path['programme'] ?? '',
      initiative: path['initiative'] ?? said['initiative'],
      commandId: key ?? newCommandId(),
      data,
      occurredOn: said['occurredOn'],
      onBehalfOf: said['onBehalfOf'],
      references: said['references'],
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
/**
 * The version that an If-Match header names (RFC 9110, section 13.1.1). A version names the content, not its form, so a tag that a
 * compressing proxy has weakened or marked (`W/"7"`, `"7-gzip"`) names it too.
 */
function versionIn(match: string): number {
  const [, version] = /^([1-9]\d{0,14})$/.exec(opaqueTagOf(match) ?? '') ?? [];
  if (version === undefined)
    throw new MalformedCommand([{ field: 'if-match', message: 'if-match must be one version in quotes, such as "7"' }]);
  return Number(version);
}
