import type { Command } from '../../../domain/commands.js';
import { quoted, type SheetFault } from '../../../spreadsheets/fault.js';
import type { PlannedCommand } from '../../../spreadsheets/plan-rows.js';
import { usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Day, Money, MoneyCell } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import { refusalText } from '../messages/refusals.js';
import { sheetFaultText, sheetWord } from '../messages/sheet-faults.js';
import type { RefusedRow } from '../uploads/sheet-uploads.js';

/** The most faults and refusals that a page shows, and the rows of a sound file. */
const mostFaults = 100;
const mostRows = 10;

/** The first faults, each with its place, what was found there, what is wrong with it, and what would be right. */
export function FaultTable({ faults }: { faults: readonly SheetFault[] }) {
  const { speech } = usePage();
  const shown = faults.slice(0, mostFaults);
  return (
    <Table caption={speech.say('uploadShown', { shown: shown.length, all: faults.length })} stacks>
      <Head names={['sheetRow', 'sheetColumn', 'sheetFound', 'sheetWrong', 'sheetRight']} />
      <tbody>
        {shown.map((fault) => {
          const { wrong, right, isEnglish } = sheetFaultText(fault, speech.language);
          const { row, column, cell, found } = fault;
          return (
            <tr key={`${row ?? ''} ${column ?? ''} ${cell ?? ''} ${fault.code} ${right}`}>
              <th scope="row">{row ?? '–'}</th>
              <td data-label={speech.say('sheetColumn')}>
                {column !== undefined && sheetWord(column, speech.language)} {cell !== undefined && <small>{cell}</small>}
              </td>
              <td data-label={speech.say('sheetFound')}>{found !== '' && <bdi>{quoted(found)}</bdi>}</td>
              <td data-label={speech.say('sheetWrong')}>{wrong}</td>
              <td data-label={speech.say('sheetRight')}>{isEnglish ? <span lang="en">{right}</span> : <bdi>{right}</bdi>}</td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** The first rows that the ledger refuses, each with its sentence and figures. */
export function RefusedTable({ refused }: { refused: readonly RefusedRow[] }) {
  const { speech } = usePage();
  const shown = refused.slice(0, mostFaults);
  return (
    <Table caption={speech.say('uploadShown', { shown: shown.length, all: refused.length })}>
      <Head names={['sheetRow', 'sheetWrong', 'figureAvailable', 'figureRequested']} />
      <tbody>
        {shown.map(({ row, answer: { code = '', detail = '', available, requested } }) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            <td>
              {refusalText(code, speech.language)}
              <p class="hint" lang="en">
                {detail} ({code})
              </p>
            </td>
            <td class="number">{available !== undefined && <Money amount={available} />}</td>
            <td class="number">{requested !== undefined && <Money amount={requested} />}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** How many rows there are of each command, and their sum. */
export function SumTable({ planned }: { planned: readonly PlannedCommand[] }) {
  const { speech } = usePage();
  const sums = new Map<Command['type'], { count: number; amount: bigint | undefined }>();
  for (const { command } of planned) {
    const { count, amount } = sums.get(command.type) ?? { count: 0, amount: undefined };
    const own = amountOf(command);
    sums.set(command.type, { count: count + 1, amount: own === undefined ? amount : (amount ?? 0n) + own });
  }
  return (
    <Table caption={speech.say('uploadSums')}>
      <Head names={['sheetCommand', 'sheetRows', 'amount']} />
      <tbody>
        {[...sums].map(([type, { count, amount }]) => (
          <tr key={type}>
            <th scope="row">{nameOf(type, speech.say.bind(speech))}</th>
            <td class="number">{speech.count(count)}</td>
            <td class="number">
              <Money amount={amount?.toString()} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The first rows as they would be recorded. */
export function RowTable({ planned }: { planned: readonly PlannedCommand[] }) {
  const { speech } = usePage();
  const shown = planned.slice(0, mostRows);
  return (
    <Table caption={speech.say('uploadFirst', { shown: shown.length, all: planned.length })}>
      <Head names={['sheetRow', 'sheetCommand', 'initiative', 'occurred', 'amount']} />
      <tbody>
        {shown.map(({ row, command }) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            <td>{nameOf(command.type, speech.say.bind(speech))}</td>
            <td>{command.initiative ?? '–'}</td>
            <td>
              <Day on={command.occurredOn} />
            </td>
            <MoneyCell amount={amountOf(command)?.toString()} />
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const numbers: ReadonlySet<TextKey> = new Set(['sheetRows', 'amount', 'figureAvailable', 'figureRequested']);

function Head({ names }: { names: readonly TextKey[] }) {
  const { speech } = usePage();
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col" key={name} {...(numbers.has(name) && { class: 'number' })}>
            {speech.say(name)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The amount that a row moves or asks for, in minor units. */
function amountOf({ data }: Command): bigint | undefined {
  if ('amount' in data) return data.amount;
  return 'requestedAmount' in data ? data.requestedAmount : undefined;
}

const names: { readonly [T in Command['type']]?: TextKey } = {
  ProposeInitiative: 'propose',
  FundInitiative: 'fundInitiative',
  RecordSpending: 'recordSpending',
  ReverseSpending: 'reverseSpending',
  ReturnFunds: 'returnFunds',
  GrantAppropriation: 'grantAppropriation',
};
function nameOf(type: Command['type'], say: (key: TextKey) => string): string {
  const name = names[type];
  return name === undefined ? type : say(name);
}
