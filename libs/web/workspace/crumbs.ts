import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import type { Crumb } from '../parts/layout.js';
import type { OwnPage } from './workspace-pages.js';

/** The way to a page of the workspace, from its home over the programme to the initiative. */
export function crumbsTo(own: OwnPage, programme?: ProgrammeView, initiative?: InitiativeView): Crumb[] {
  const crumbs = [{ text: own.say('workspace'), href: own.href('/workspace') }];
  const { speech } = own.page;
  if (programme) crumbs.push({ text: speech.title(programme.title).text, href: own.href(`/workspace/p/${programme.programme}`) });
  if (programme && initiative)
    crumbs.push({
      text: speech.title(initiative.title).text,
      href: own.href(`/workspace/p/${programme.programme}/i/${initiative.initiative}`),
    });
  return crumbs;
}
