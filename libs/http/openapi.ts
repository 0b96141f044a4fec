import type { INestApplication } from '@nestjs/common';
import { addExample } from './openapi-examples.js';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const description =
  'Public initiatives: what was approved, spent, returned and finished. Amounts are decimal strings of minor units, dates are ISO days in the programme’s time zone, instants are UTC. Errors are problem details (RFC 9457) with a stable `code`.';

/** The OpenAPI document of an application's routes. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Initiative Ledger')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'Where this document is served.')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(application, about, { operationIdFactory: (_controller, method) => method });
  for (const path of Object.values(document.paths))
    for (const operation of [path.get, path.put, path.post]) {
      if (!operation) continue;
      // An operation without a security requirement is open to everybody.
      operation.security ??= [];
      addExample(operation, document.components?.schemas ?? {});
      for (const response of Object.values(operation.responses))
        if (response && 'content' in response) response.content = asSent(response.content ?? {});
    }
  return document;
}

type Content = { [type: string]: { schema?: object } };

/** Corrects media types: Nest describes every answer as the JSON of its class, but errors are problem details and tables are text. */
function asSent(content: Content): Content {
  const sent: Content = {};
  for (const [type, described] of Object.entries(content)) {
    const isProblem = described.schema && '$ref' in described.schema && described.schema.$ref === '#/components/schemas/ProblemBody';
    if (isProblem) sent['application/problem+json'] = described;
    else sent[type] = type === 'text/csv' ? { schema: { type: 'string' } } : described;
  }
  return sent;
}
