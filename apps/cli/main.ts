#!/usr/bin/env node
import 'reflect-metadata';
import { CommanderError } from 'commander';
import { LogDiverged, LogUnreadable } from '../../libs/event-log/ports.js';
import { LedgerDamaged, OtherFormat } from '../../libs/sqlite/database.js';
import { keepFilesPrivate } from '../private-folder.js';
import { LedgerShortened } from '../standalone/caches.js';
import { exitStatus, FoundWrong } from './output.js';
import { makeProgram } from './program.js';

/** Errors that mean that a ledger or an export is wrong. */
const wrongs = [FoundWrong, LogUnreadable, LogDiverged, LedgerDamaged, LedgerShortened];

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.notDone;
  // A file of another version is neither right nor wrong.
  if (error instanceof OtherFormat) return exitStatus.notDone;
  return wrongs.some((wrong) => error instanceof wrong) ? exitStatus.wrong : exitStatus.notDone;
}

keepFilesPrivate();

try {
  await makeProgram(process.env).parseAsync();
} catch (error) {
  // Commander has printed its own errors.
  if (!(error instanceof CommanderError)) process.stderr.write(`${Error.isError(error) ? error.message : String(error)}\n`);
  process.exitCode = statusOf(error);
}
