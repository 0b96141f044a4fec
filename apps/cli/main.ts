#!/usr/bin/env node
import 'reflect-metadata';
import { ReleaseRefused } from './aims/target.js';
import { keepFilesPrivate } from '../private-folder.js';
import { makeProgram } from './program.js';

keepFilesPrivate();

try {
  await makeProgram(process.env).parseAsync();
} catch (error) {
  process.stderr.write(`${Error.isError(error) ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ReleaseRefused ? 2 : 1;
}
