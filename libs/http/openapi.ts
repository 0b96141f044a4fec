import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const description =
  'What was approved, spent, returned and finished. Amounts are decimal strings of minor units, dates ISO days in the programme’s time zone, instants UTC. Errors are problem details (RFC 9457) with a stable `code`.';

/** The OpenAPI document of an application's routes. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder().setTitle('Initiative Ledger').setDescription(description).setVersion('1').addBearerAuth().build();
  const document = SwaggerModule.createDocument(application, about, { operationIdFactory: (_controller, method) => method });
  for (const path of Object.values(document.paths))
    for (const operation of [path.get, path.put, path.post])
      for (const response of Object.values(operation?.responses ?? {}))
        if (response && 'content' in response) namedAsSent(response.content ?? {});
  return document;
}

type Content = { [type: string]: { schema?: object } };

/** Errors are problems, and a table is text: Nest describes every answer as the JSON of its class. */
function namedAsSent(content: Content): void {
  const json = content['application/json'];
  if (json?.schema && '$ref' in json.schema && json.schema.$ref === '#/components/schemas/ProblemBody') {
    content['application/problem+json'] = json;
    delete content['application/json'];
    delete content['text/csv'];
    delete content['application/x-ndjson'];
  } else if (content['text/csv']) content['text/csv'] = { schema: { type: 'string' } };
}
