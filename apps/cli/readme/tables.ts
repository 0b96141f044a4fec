/** The generated tables of the README and the reference. */
import type { Command } from 'commander';
import { capabilities, commandsByFolder, commonRefusals, initiativeRefusals } from '../../../libs/domain/capabilities.js';
import { settings } from '../../configuration.js';

/** The commands of each folder of the domain, and who sends them. */
export function foldersTable(): string {
  const rows = Object.entries(commandsByFolder).map(([folder, types]) => {
    const commands = types.map((type) => `${type} (${capabilities[type].by.join(', ')})`);
    return `| [${folder}](libs/domain/${folder}) | ${commands.join(' · ')} |`;
  });
  return ['| about | commands, and who sends them |', '| --- | --- |', ...rows].join('\n');
}

/** The refusals that the table of commands leaves out. */
export function commonRefusalsList(): string {
  const codes = (list: readonly string[]) => list.map((code) => `\`${code}\``).join(', ');
  return [
    `- Any command may be refused as ${codes(commonRefusals)}.`,
    `- A command to an existing initiative may also be refused as ${codes(initiativeRefusals)}.`,
  ].join('\n');
}

/** Every command of the domain. */
export function capabilitiesTable(): string {
  const rows = Object.entries(capabilities).map(
    ([type, { by, in: statuses, event, refusals }]) =>
      `| ${type} | ${by.join(', ')} | ${statuses?.join(', ') ?? ''} | ${event} | ${refusals.map((code) => `\`${code}\``).join(' ')} |`,
  );
  return ['| command | who | status of the initiative | event | may be refused as |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** Every command of the command line with its options. */
export function commandsTable(program: Command): string {
  const rows = leavesOf(program).flatMap(({ name, command }) => [
    `| \`${name}\` | ${command.description()} |`,
    ...command.options.map((option) => {
      const preset = option.defaultValue === undefined ? '' : ` (\`${String(option.defaultValue)}\`)`;
      const choices = option.argChoices ? `: ${option.argChoices.join(', ')}` : '';
      return `| &emsp;\`${option.flags}\` | ${option.description}${choices}${preset} |`;
    }),
  ]);
  return ['| command | what it does |', '| --- | --- |', ...rows].join('\n');
}

function leavesOf(command: Command, prefix = ''): { name: string; command: Command }[] {
  return command.commands.flatMap((child) => {
    const parts = [prefix + child.name(), ...child.registeredArguments.map((argument) => `<${argument.name()}>`)];
    return child.commands.length > 0 ? leavesOf(child, `${prefix}${child.name()} `) : [{ name: parts.join(' '), command: child }];
  });
}

/** Every setting with its default. */
export function settingsTable(): string {
  const rows = Object.entries(settings).map(([name, { default: preset, desc, choices }]: [string, Described]) => {
    const one = choices ? `: ${choices.join(', ')}` : '';
    return `| \`${name}\` | ${preset === '' ? '' : `\`${String(preset)}\``} | ${desc ?? ''}${one} |`;
  });
  return ['| setting | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}
type Described = { default?: unknown; desc?: string; choices?: readonly unknown[] };

/** A text with a generated block replaced; the markers stay. */
export function withBlock(text: string, name: string, block: string): string {
  const pattern = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- end of generated -->)`);
  if (!pattern.test(text)) throw new Error(`there is no generated block ${name}`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}\n${block}\n\n${end}`);
}
