/** Examples of all request bodies. The ledger accepts each as it is, after the examples before it. */
import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Fields that examples leave out, because only some requests need them. */
const leftOut: ReadonlySet<string> = new Set(['onBehalfOf', 'expectedVersion']);

const finance = { organisation: 'ministry-of-finance', role: 'finance' };
const ministry = { organisation: 'ministry-of-justice', role: 'ministry' };
/** Values in an operation's example that differ from the examples of its fields. */
const others: Readonly<Record<string, object>> = {
  amendInitiative: { plannedEnd: '2025-03-31' },
  closeFiscalYear: { occurredOn: '2025-01-15' },
  reopenFiscalYear: { occurredOn: '2025-01-20' },
  approveRequest: { occurredOn: '2025-06-01' },
  returnRequest: { occurredOn: '2025-06-01' },
  withdrawRequest: { occurredOn: '2025-06-01' },
  adjustSomeFunding: { adjustmentId: 'A-2', onBehalfOf: finance },
  correctResult: { value: '11.5' },
  reverseSomeSpending: { reversalId: 'R-2', onBehalfOf: ministry },
};

/** Adds an example to an operation's body, made from the examples of its fields. */
export function addExample({ operationId = '', requestBody }: Operation, schemas: Schemas): void {
  if (!requestBody || !('content' in requestBody)) return;
  for (const content of Object.values(requestBody.content)) {
    const { schema } = content;
    const name = schema && '$ref' in schema ? schema.$ref.split('/').at(-1) : undefined;
    const described = name === undefined ? undefined : schemas[name];
    if (!described || !('properties' in described)) continue;
    const fields = Object.entries(described.properties ?? {}).flatMap(([field, property]) =>
      leftOut.has(field) || !('example' in property) ? [] : [[field, property.example] as const],
    );
    content.example = { ...Object.fromEntries(fields), ...others[operationId] };
  }
}
