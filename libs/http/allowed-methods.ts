import type { FastifyInstance } from 'fastify';
import { problem, ProblemError } from './problem.js';

/**
 * Answers 405 with `Allow` if a route has the address but not the method (RFC 9110, section 15.5.6). Added before any route.
 */
export function refuseOtherMethods(server: FastifyInstance): void {
  const routes = new Map<string, { address: RegExp; methods: Set<string> }>();
  server.addHook('onRoute', ({ method, url }) => {
    const route = routes.get(url) ?? { address: addressOf(url), methods: new Set() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
  server.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? refusalOf(request.method, allowedAt(request.url.split('?', 1)[0] ?? '')) : undefined);
  });

  function allowedAt(path: string): string[] {
    const methods = [...routes.values()].filter(({ address }) => address.test(path)).flatMap((route) => [...route.methods]);
    return [...new Set(methods)].sort();
  }
}

function refusalOf(method: string, allowed: readonly string[]): ProblemError | undefined {
  if (allowed.length === 0) return undefined;
  const allow = allowed.join(', ');
  return new ProblemError(problem(405, 'method-not-allowed', `this address takes ${allow}, not ${method}`), { allow });
}

/** A regular expression for all paths of a route's pattern. */
function addressOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${source.replaceAll('\\*', '.*')}$`);
}
