/** One history of the ledger, from its first command to the end, with the faults that the choices select. */
import type { Commands } from '../../libs/command-processing/commands.js';
import type { Command } from '../../libs/domain/commands.js';
import { start } from '../../libs/event-log/ports.js';
import { Choices } from './choices.js';
import { Clients } from './clients.js';
import { seamsWith, type Defect, type Seams } from './defects.js';
import type { FaultCounts } from './faults.js';
import { Oracle } from './oracle.js';
import { LedgerPromises } from './promises.js';
import { Scheduler, SimulatedProcess } from './scheduler.js';
import { startCommandsService, startEmbedded, startProjectionsService, type Ports } from './services.js';
import { SimulatedInboxes } from './simulated-inbox.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedModels } from './simulated-models.js';
import { SimulatedStates } from './simulated-states.js';

/** The result of one history. */
export type HistoryResult = { broken?: string; steps: number; records: number; faults: FaultCounts; told: readonly string[] };

/** Whether the events are told in words, and the defect that is planted in the ledger. */
export type HistoryOptions = { tell?: boolean; defect?: Defect | undefined };

/** Runs the history that these numbers make. */
export async function runHistory(numbers: readonly number[], { tell = false, defect }: HistoryOptions = {}): Promise<HistoryResult> {
  const world = await World.open(new Choices(numbers), tell, seamsWith(defect));
  try {
    return await world.run();
  } finally {
    world.close();
  }
}

/** The most steps a history may take to settle once the faults have ended. */
const patience = 20_000;
const year = 366 * 24 * 60 * 60 * 1_000;
/** One programme in each of two partitions. */
const programmes = ['p', 'q'];

/** A machine that takes commands: its disk, and its process if one runs. */
type Machine = {
  name: string;
  states: SimulatedStates[];
  process?: SimulatedProcess;
  commands?: Commands | undefined;
  former: SimulatedProcess[];
};

class World {
  private readonly clients: Clients;
  private readonly machines: Machine[];
  private readonly projectors: SimulatedProcess[] = [];
  private steps = 0;
  private checked = 0;

  private constructor(
    private readonly choices: Choices,
    private readonly scheduler: Scheduler,
    private readonly ports: Ports,
    private readonly oracle: Oracle,
    private readonly embedded: boolean,
  ) {
    this.clients = new Clients(scheduler, ports.promises, oracle, programmes);
    this.machines = (embedded ? ['one'] : ['one', 'other']).map((name) => ({
      name,
      states: this.emptyDisk(),
      former: [],
    }));
  }

  static async open(choices: Choices, tell: boolean, seams: Seams): Promise<World> {
    const embedded = choices.oneIn(2);
    const partitions = embedded ? 1 : 2;
    const scheduler = new Scheduler(choices, tell);
    const promises = new LedgerPromises();
    const log = new SimulatedLog(scheduler, partitions, promises, seams);
    const ports: Ports = {
      log,
      inboxes: new SimulatedInboxes(scheduler, log),
      models: new SimulatedModels(scheduler),
      promises,
      seams,
    };
    return new World(choices, scheduler, ports, await Oracle.open(promises, partitions), embedded);
  }

  async run(): Promise<HistoryResult> {
    await this.begin();
    while (this.choices.left && this.isSound) {
      await this.next();
      await this.look();
    }
    if (this.isSound) await this.recover();
    const { broken } = this.ports.promises;
    const { injected, told } = this.scheduler;
    return { ...(broken !== undefined && { broken }), steps: this.steps, records: this.oracle.count, faults: injected, told };
  }

  close(): void {
    this.scheduler.close();
  }

  private get isSound(): boolean {
    return this.ports.promises.broken === undefined;
  }

  private async begin(): Promise<void> {
    do {
      for (const machine of this.machines) await this.start(machine);
      await this.scheduler.step();
    } while (this.machines.some(({ commands }) => !commands));
    if (!this.embedded) this.startProjector();
    for (const commands of this.clients.beginning()) this.send(commands);
  }

  /** One event, fault or command. */
  private async next(): Promise<void> {
    this.steps++;
    const what = this.choices.below(40);
    if (what < 30) {
      if (!(await this.scheduler.step())) await this.scheduler.wake();
    } else if (what < 34) this.send([this.clients.anything()]);
    else if (what < 36) this.sendAgain();
    else await this.goWrong();
  }

  private async goWrong(): Promise<void> {
    const machine = this.choices.of(this.machines as [Machine, ...Machine[]]);
    const { process } = machine;
    switch (this.choices.below(11)) {
      case 0:
        this.scheduler.now += 1_000 * this.choices.below(120);
        return;
      case 1:
        this.crash(machine);
        return;
      case 2:
        this.crash(machine);
        this.scheduler.inject('power loss');
        this.scheduler.tell('  the power was gone');
        for (const states of machine.states) await states.lose();
        if (this.embedded) await this.ports.models.putBack();
        return;
      case 3:
      case 4:
        await this.start(machine);
        return;
      case 5:
        this.pauseOrGoOn(this.choices.of([process, ...machine.former]));
        return;
      case 6:
        this.scheduler.inject('owner replaced');
        this.scheduler.tell(`${machine.name} is replaced while it may still run`);
        if (this.embedded) await this.replace(machine);
        else this.ports.inboxes.lapse(machine.name);
        return;
      case 7:
        await this.jump(machine);
        return;
      case 8:
        this.scheduler.now += 60 * 60 * 1_000 * this.choices.below(30);
        this.scheduler.tell('hours go by');
        return;
      case 9:
        if (!this.embedded) this.changeProjectors();
        return;
      default:
        if (this.choices.oneIn(3)) {
          this.scheduler.tell('an older copy of the read models is put back');
          await this.ports.models.putBack();
        }
        return;
    }
  }

  /** A clock that is a year ahead is corrected some time, with a restart. */
  private async jump(machine: Machine): Promise<void> {
    const { process } = machine;
    if (!process) return;
    this.scheduler.inject('clock jump');
    if (process.ahead > year / 2) {
      this.crash(machine);
      await this.start(machine);
    } else if (this.choices.oneIn(3)) {
      process.ahead = year;
      this.oracle.forgetsCommands = true;
      this.scheduler.inject('clock a year ahead');
    } else process.ahead += 1_000 * (this.choices.below(240) - 120);
    this.scheduler.tell(`the clock of ${machine.name} jumps`);
  }

  /** Ends the faults: every process runs again, every client is answered, and everything is folded. */
  private async recover(): Promise<void> {
    this.scheduler.tell('nothing goes wrong any more');
    for (const machine of this.machines) {
      for (const process of [machine.process, ...machine.former]) if (process) [process.paused, process.ahead] = [false, 0];
      if (machine.process?.alive !== true) await this.start(machine);
    }
    for (const projector of this.projectors) projector.paused = false;
    if (!this.embedded && !this.projectors.some(({ alive }) => alive)) this.startProjector();
    for (const command of this.clients.ending()) this.send([command]);
    for (let step = 0; this.isSound; step++) {
      this.steps++;
      this.ports.promises.hold(step < patience, () => 'the ledger does not come to rest');
      const moved = await this.scheduler.step();
      await this.look();
      // Moves the clock past the records made while it was wrong.
      this.scheduler.now = Math.max(this.scheduler.now, this.oracle.latest);
      if (moved) continue;
      if (await this.isDone()) return;
      for (const machine of this.machines) if (machine.process?.alive !== true) await this.start(machine);
      for (const request of this.clients.requests) if (!request.told && !request.waiting) this.askAgain(request);
      await this.scheduler.wake();
    }
  }

  private async isDone(): Promise<boolean> {
    if (this.clients.requests.some(({ told }) => !told)) return false;
    const checkpoint = (await this.ports.models.memory.serving()) === 'g' ? await this.ports.models.memory.checkpoint('g') : undefined;
    return Array.from({ length: this.ports.log.memory.partitions }, (_, partition) => partition).every(
      (partition) => (checkpoint?.[partition] ?? start) === this.oracle.endOf(partition),
    );
  }

  /** Checks the ledger's promises. */
  private async look(): Promise<void> {
    for (const { process, partition, entries } of this.ports.log.appended.splice(0)) {
      await this.oracle.add(partition, entries);
      this.clients.recorded(entries, process);
    }
    const { memory, changed } = this.ports.models;
    if (this.isSound && changed !== this.checked) await this.oracle.check(memory);
    this.checked = changed;
  }

  private send(commands: readonly Command[]): void {
    const to = this.anyCommands();
    if (!to) return;
    for (const { commandId, type } of commands) this.scheduler.tell(`${commandId} is sent: ${type}`);
    this.clients.send(commands, to);
  }
  private sendAgain(): void {
    const { requests } = this.clients;
    const request = requests[this.choices.below(Math.max(1, requests.length))];
    if (request) this.askAgain(request);
  }
  private askAgain(request: Clients['requests'][number]): void {
    const to = this.anyCommands();
    if (!to) return;
    this.scheduler.tell(`${request.command.commandId} is sent again`);
    this.clients.again(request, to);
  }
  private anyCommands(): Commands | undefined {
    const open = this.machines.filter(({ process, commands }) => process?.alive === true && commands);
    return open[this.choices.below(Math.max(1, open.length))]?.commands;
  }

  private async start(machine: Machine): Promise<void> {
    if (machine.process?.alive === true) return;
    this.scheduler.tell(`${machine.name} starts`);
    const process = new SimulatedProcess(machine.name, this.scheduler);
    machine.process = process;
    machine.commands = undefined;
    const starting = this.embedded
      ? startEmbedded(process, machine.states, this.ports)
      : startCommandsService(process, machine.states, this.ports);
    void starting.then((commands) => {
      if (machine.process === process) machine.commands = commands;
    });
    await this.scheduler.settle();
  }

  private crash(machine: Machine): void {
    if (machine.process?.alive !== true) return;
    this.scheduler.inject('crash');
    this.scheduler.tell(`${machine.name} crashes`);
    machine.process.end();
    machine.commands = undefined;
    for (const request of this.clients.requests) request.waiting = false;
    if (!this.embedded)
      this.scheduler.onTheWay(`the lease of ${machine.name} lapses`, () => {
        if (machine.process?.alive !== true) this.ports.inboxes.lapse(machine.name);
      });
  }

  /** Another machine takes the ledger over, and the former one may come back. */
  private async replace(machine: Machine): Promise<void> {
    const { process } = machine;
    if (process) {
      process.paused = true;
      machine.former.push(process);
      delete machine.process;
    }
    machine.states = this.emptyDisk();
    await this.start(machine);
  }
  private pauseOrGoOn(process: SimulatedProcess | undefined): void {
    if (!process) return;
    process.paused = !process.paused;
    if (process.paused) this.scheduler.inject('owner paused');
    this.scheduler.tell(`${process.name} ${process.paused ? 'is paused' : 'continues'}`);
  }
  private emptyDisk(): SimulatedStates[] {
    return Array.from({ length: this.ports.log.memory.partitions }, () => new SimulatedStates(this.scheduler));
  }

  private startProjector(): void {
    const process = new SimulatedProcess(`projector ${this.projectors.length}`, this.scheduler);
    this.projectors.push(process);
    startProjectionsService(process, this.ports);
  }
  private changeProjectors(): void {
    this.scheduler.inject('projector paused or replaced');
    const alive = this.projectors.filter((one) => one.alive);
    const [first] = alive;
    if (first && alive.length > 1) first.end();
    else this.startProjector();
    if (first) first.paused = !first.paused;
  }
}
