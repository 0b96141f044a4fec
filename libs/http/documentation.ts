import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { describeApi } from './openapi.js';
import { notFound } from './problem.js';

/** The files that the page loads. Swagger UI's folder has more: its package, source maps, other builds. */
const filesOfThePage: ReadonlySet<string> = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui-init.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
]);

/**
 * Opens the documentation's routes, which Nest adds, and refuses everything under `/docs` except the page and its files. Added before any route, because
 * hooks apply only to routes that are added later.
 */
export function limitDocumentation(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (/^\/(?:docs|openapi\.json)(?:\/|$)/.test(route.url)) route.config = { ...route.config, access: { who: 'anyone' } };
  });
  server.addHook('onRequest', (request, _reply, done) => {
    const [, file] = /^\/docs\/([^?]*)/.exec(request.raw.url ?? '') ?? [];
    done(file === undefined || filesOfThePage.has(file) ? undefined : notFound('no-such-route', 'the documentation has no such file'));
  });
}

/** Serves the OpenAPI document at `/openapi.json`, and a page to read it at `/docs`. */
export function serveDocumentation(application: NestFastifyApplication): void {
  SwaggerModule.setup('docs', application, describeApi(application), { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}
