#!/usr/bin/env node
import 'reflect-metadata';
import { makeProgram } from './program.js';

try {
  await makeProgram(process.env).parseAsync();
} catch (error) {
  process.stderr.write(`${Error.isError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
