import type { Dependencies } from '../libs/http/dependencies.js';
import { publicPages } from '../libs/web/public-pages.js';
import { workspaceControllers, workspaceProviders } from '../libs/web/workspace/workspace.js';
import type { Configuration } from './configuration.js';

/** The pages that a process serves: the public ones and the workspace. */
export function pagesOf({ SESSION_SECRET, COMMANDS_URL }: Configuration): Required<Pick<Dependencies, 'pages' | 'pageProviders'>> {
  return {
    pages: [...publicPages, ...workspaceControllers],
    pageProviders: workspaceProviders({ sessionSecret: SESSION_SECRET, commandsUrl: COMMANDS_URL }),
  };
}
