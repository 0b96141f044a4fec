import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { makeProgram } from '../program.js';
import { commandsTable, settingsTable, withBlock } from './tables.js';

const file = 'docs/reference.md';
const text = withBlock(withBlock(readFileSync(file, 'utf8'), 'commands', commandsTable(makeProgram({}))), 'settings', settingsTable());
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
