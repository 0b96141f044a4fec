import { RouteConfig } from '@nestjs/platform-fastify';
import type { Role } from '../domain/vocabulary.js';

/** `isPage`: a browser that lacks a session is led to the page to sign in. */
export type Access = { who: 'anyone' } | { who: 'readers'; isPage?: boolean } | { who: 'holders'; roles: readonly Role[] };

/** Media types of bodies that a route can take: one command, a batch of them, a form of the pages, or a form with a file, which the route reads itself. */
export type TakenType = 'application/json' | 'application/x-ndjson' | 'application/x-www-form-urlencoded' | 'multipart/form-data';

/** The terms that a route declares in its Fastify config. */
export type RouteTerms = {
  /** Who may call it; nobody if absent. */
  access?: Access;
  /** The media type of its body; if absent, a body is left unread. */
  takes?: TakenType;
  /** The least units of the rate limit that it costs: 1 if absent; 0 is free. */
  cost?: number;
};

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Fastify takes it as an interface
  interface FastifyContextConfig extends RouteTerms {}
}

/** Adds to the terms of a route. */
export function Terms(terms: RouteTerms): MethodDecorator {
  return <T>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<T>) => {
    const { value: handler } = descriptor;
    if (typeof handler !== 'function') throw new TypeError(`${String(name)} is not a route`);
    const before: unknown = Reflect.getMetadata(RouteConfig({}).KEY, handler);
    RouteConfig({ ...(typeof before === 'object' && before), ...terms })(target, name, descriptor);
  };
}
