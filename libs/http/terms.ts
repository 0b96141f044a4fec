import { RouteConfig } from '@nestjs/platform-fastify';
import type { Role } from '../domain/vocabulary.js';

export type Access = { who: 'anyone' } | { who: 'readers' } | { who: 'holders'; roles: readonly Role[] };

/** What a route says of itself, in its Fastify config. */
export type RouteTerms = {
  /** Who may call it; nobody where it doesn't say. */
  access?: Access;
  /** The media type of its body; where it doesn't say, a body is left unread. */
  takes?: 'application/json' | 'application/x-ndjson';
  /** Units of the rate limit that it costs at least, 1 where it doesn't say; 0 is free. */
  cost?: number;
};

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Fastify takes it as an interface
  interface FastifyContextConfig extends RouteTerms {}
}

/** Adds to what a route says of itself. */
export function Terms(terms: RouteTerms): MethodDecorator {
  return <T>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<T>) => {
    const { value: handler } = descriptor;
    if (typeof handler !== 'function') throw new TypeError(`${String(name)} is no route`);
    const before: unknown = Reflect.getMetadata(RouteConfig({}).KEY, handler);
    RouteConfig({ ...(typeof before === 'object' && before), ...terms })(target, name, descriptor);
  };
}
