import { EmbeddedCommands } from '../../../libs/command-processing/embedded-commands.js';
import { Processor } from '../../../libs/command-processing/processor.js';
import type { Command } from '../../../libs/domain/commands.js';
import { MemoryEventLog } from '../../../libs/event-log/memory/memory-event-log.js';
import { MemoryStateStore } from '../../../libs/event-log/memory/memory-state-store.js';
import { encodeRecord } from '../../../libs/event-log/record.js';
import { importRecords } from '../commands/import-records.js';
import { embeddedTarget } from '../import-targets/embedded-target.js';
import { importRelease, type ImportRequest } from './import.js';
import type { ImportReport } from './report.js';
import { ImportStopped, type Answer, type ImportSource } from './target.js';

/** A command that an import would send, and its outcome. */
export type Planned = { command: Command; answer: Answer };
export type DryRun = { planned: Planned[]; report: ImportReport };

/**
 * Runs an import in memory, on a copy of the programme's records, and returns its commands with their outcomes. Writes nothing.
 * @throws {ReleaseRefused} the import would be refused
 */
export async function dryRunOf(request: ImportRequest, source: ImportSource): Promise<DryRun> {
  const log = new MemoryEventLog();
  await importRecords(log, linesOf(source, request.programme), () => undefined);
  const processor = await Processor.open({ log, partition: 0, states: new MemoryStateStore(), now: () => request.now, alarm: stop });
  const commands = new EmbeddedCommands(processor, stop);
  const target = embeddedTarget(commands, log);
  const planned: Planned[] = [];
  try {
    const report = await importRelease(request, {
      records: (programme, after) => target.records(programme, after),
      async submitAll(sent) {
        const answers = await target.submitAll(sent);
        for (const [index, command] of sent.entries()) {
          const answer = answers[index];
          if (answer) planned.push({ command, answer });
        }
        return answers;
      },
    });
    return { planned, report };
  } finally {
    await commands.close();
  }
}

function stop(reason: unknown): never {
  throw new ImportStopped(`the dry run failed: ${String(reason)}`);
}

async function* linesOf(source: ImportSource, programme: string): AsyncIterable<Uint8Array> {
  for await (const record of source.records(programme, 0)) yield encodeRecord(record);
}
