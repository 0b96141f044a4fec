/** The bodies of the command routes: a command's data without the fields in its address, and the fields that every body may have. */
import type { Type } from '@nestjs/common';
import { ApiProperty, IntersectionType, OmitType } from '@nestjs/swagger';
import { initiativeCommandTypes, programmeCommandTypes } from '../../domain/capabilities.js';
import type { CommandType } from '../../domain/commands.js';
import type { Role } from '../../domain/vocabulary.js';
import { trusted } from '../../trusted/trusted.js';
import { fieldsOf } from '../fields.js';
import { mostReferences } from '../../domain/papers/references.js';
import { ReferenceBody } from './reference-body.js';
import { commandBodies } from './command-bodies.js';

export class PartyBody {
  @ApiProperty({ example: 'ministry-of-finance' }) organisation!: string;
  @ApiProperty({ enum: ['ministry', 'finance'] }) role!: Role;
}

/** The papers of a command. */
const Papers = () =>
  ApiProperty({
    required: false,
    type: [ReferenceBody],
    minItems: 1,
    maxItems: mostReferences,
    description: 'The papers that it stands on. The ledger keeps what is said of them, and their digests; the files stay where they are.',
  });

/** The fields that every command's body may have beside its data. */
export class EnvelopeBody {
  @ApiProperty({
    required: false,
    format: 'date',
    example: '2024-03-07',
    description: 'The day it happened, in the programme’s time zone: today if absent, and never later than today.',
  })
  occurredOn?: string;
  @ApiProperty({ required: false, type: PartyBody, description: 'Admins only: the party that they act for.' }) onBehalfOf?: PartyBody;
  @Papers() references?: ReferenceBody[];
}

const requests = new Map<CommandType, Type>();
/** The body that a command's own route takes: the command's data without the fields in the address, and those of every body. */
export function requestOf(type: CommandType): Type {
  const made = requests.get(type) ?? makeRequest(type);
  requests.set(type, made);
  return made;
}

function makeRequest(type: CommandType): Type {
  const body = commandBodies[type];
  const inAddress = [...fieldsOf(body)].filter(([, field]) => field.inAddress).map(([name]) => name);
  const Request = class extends IntersectionType(OmitType<object, never>(body, trusted(inAddress)), EnvelopeBody) {};
  // A proposal names its initiative in the body: the address is the list that it joins.
  if (type === 'ProposeInitiative') ApiProperty(proposedCode)(Request.prototype, 'initiative');
  Object.defineProperty(Request, 'name', { value: `${type}Request` });
  return Request;
}
const proposedCode = { type: String, description: 'Its code, unique in the programme.', example: 'e-notary' } as const;

/** One line of a batch. */
export class BatchLine {
  @ApiProperty({ example: 'import-17' }) commandId!: string;
  @ApiProperty({ enum: [...programmeCommandTypes, ...initiativeCommandTypes], example: 'RecordSpending' }) type!: string;
  @ApiProperty({ required: false, example: 'e-notary', description: 'For commands to an initiative.' }) initiative?: string;
  @ApiProperty({ required: false, format: 'date', example: '2024-03-07' }) occurredOn?: string;
  @ApiProperty({ required: false, type: 'integer', example: 7 }) expectedVersion?: number;
  @ApiProperty({ required: false, type: PartyBody }) onBehalfOf?: PartyBody;
  @Papers() references?: ReferenceBody[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The command’s data: the body of its own route, and the fields in that route’s address.',
    example: { transactionId: 'T-20', amount: '47500000' },
  })
  data!: object;
}
