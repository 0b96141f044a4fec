import type { Dependencies } from '../libs/http/dependencies.js';
import { pageOfProblem } from '../libs/web/problem-pages.js';
import { publicPages } from '../libs/web/public-pages.js';
import { workspaceControllers, workspaceProviders } from '../libs/web/workspace/workspace.js';
import type { Configuration } from './configuration.js';

/** The pages that a process serves: the public ones and the workspace. */
export function pagesOf(configuration: Configuration): Required<Pick<Dependencies, 'pages' | 'pageProviders' | 'pageOfProblem'>> {
  const { SESSION_SECRET, COMMANDS_URL } = configuration;
  return {
    pages: [...publicPages, ...workspaceControllers],
    pageOfProblem,
    pageProviders: workspaceProviders({ sessionSecret: SESSION_SECRET, commandsUrl: COMMANDS_URL, oidc: oidcOf(configuration) }),
  };
}

/** The issuer at which people sign in to the workspace; `undefined` if none is configured. */
function oidcOf({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SCOPE, OIDC_RESOURCE, PUBLIC_URL }: Configuration) {
  if (OIDC_ISSUER === '') return undefined;
  return {
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    scope: OIDC_SCOPE,
    resource: OIDC_RESOURCE,
    publicUrl: PUBLIC_URL,
  };
}
