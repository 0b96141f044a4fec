import type { Type } from '@nestjs/common';
import { CheckEvidenceController } from './check-evidence.controller.js';
import { CompareController } from './compare.controller.js';
import { EmbedsController } from './embeds.controller.js';
import { EntryPagesController } from './entries.controller.js';
import { ExplainPagesController } from './explain.controller.js';
import { PagesController } from './pages.controller.js';
import { ProofPageController } from './proof.controller.js';

/** The controllers of every page that is open to the public. */
export const publicPages: readonly Type[] = [
  PagesController,
  EntryPagesController,
  ExplainPagesController,
  CompareController,
  EmbedsController,
  ProofPageController,
  CheckEvidenceController,
];
