/** Processes that end at the worst moments: after a request to a server, and before they know its outcome. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assignmentOf } from '../../libs/event-log/assignment.js';
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { isTransactionOpen } from '../support/events-topic.js';
import { until } from '../support/ledger-process.js';
import { expectWhole, fund, startLoad } from '../support/load.js';
import { measured, openDistributed, ready, type Distributed, type Service, type ServiceName } from '../support/services.js';

/** Moments around the commit of an append, and whether the owner's write is then neither committed nor aborted. */
const momentsOfOwners = new Map([
  ['before Produce', false],
  ['sent Produce', true],
  ['before EndTxn', true],
  ['sent EndTxn', false],
  ['answered EndTxn', false],
]);
/** Moments around a save: after the records and before other documents, after all documents, and after the heads but before the checkpoint. */
const momentsOfProjections = ['answered insert records', 'before update heads', 'answered update heads'];
const nameAt = (moment: string) => moment.replaceAll(' ', '-');

const owners = ['staying', ...[...momentsOfOwners.keys()].map(nameAt)];
/** One for each owner. */
const partitions = owners.length;
const programmes = Array.from({ length: partitions }, (_, partition) => {
  for (let index = 0; ; index++) if (partitionOf(`p-${index}`, partitions) === partition) return `p-${index}`;
});

describe('the distributed ledger', () => {
  let distributed: Distributed;
  beforeAll(async () => {
    distributed = await openDistributed({ partitions });
  });
  afterAll(() => distributed.stop());

  const startDying = (name: ServiceName, moment: string) =>
    distributed.start(name, nameAt(moment), {
      DIES: moment,
      NODE_OPTIONS: `--import=${pathToFileURL(resolve('dist/test/support/dying.js')).href}`,
    });
  /** Tells services to end at their moments, and waits until they have. */
  const die = async (services: readonly Service[]) => {
    for (const service of services) service.signal('SIGUSR2');
    const ends = await Promise.all(services.map(({ ended }) => ended));
    return ends.map(({ signal, stderr }) => `${String(signal)}: ${stderr.trimEnd().split('\n').at(-1) ?? ''}`);
  };
  const deathsAt = (moments: Iterable<string>) => [...moments].map((moment) => `SIGKILL: ends now: ${moment}`);

  it('loses and doubles nothing when owners and projections end themselves around their writes, each at a moment of its own', async () => {
    const [staying, dying, projections] = await Promise.all([
      distributed.start('commands', 'staying'),
      Promise.all([...momentsOfOwners.keys()].map((moment) => startDying('commands', moment))),
      Promise.all(momentsOfProjections.map((moment) => startDying('projections', moment))),
    ]);
    await Promise.all([staying, ...dying, ...projections].map((service) => ready(service)));
    for (const service of [staying, ...dying])
      await until('each owns a partition', async () => (await measured(service, 'ledger_partitions_owned')) === 1);
    await fund(distributed, staying.url, programmes);
    const load = await startLoad(distributed, () => [staying, ...dying].map(({ url }) => url), { programmes });
    await load.more(100);

    expect(await die(projections)).toEqual(deathsAt(momentsOfProjections));
    const starting = distributed.start('projections', 'again');
    // Checked before another instance takes over, which it does as soon as the first dead owner is missed.
    const leaves = [...momentsOfOwners].map(async ([moment, isLeftOpen], index) => {
      const [partition = -1] = assignmentOf(owners, partitions).get(nameAt(moment)) ?? [];
      await dying[index]?.ended;
      await until(
        `${moment} leaves a transaction ${isLeftOpen ? 'open' : 'ended'}`,
        async () => (await isTransactionOpen(distributed, partition)) === isLeftOpen,
      );
    });
    const [deaths] = await Promise.all([die(dying), ...leaves]);
    expect(deaths).toEqual(deathsAt(momentsOfOwners.keys()));
    const takenOver = async () => (await measured(staying, 'ledger_partitions_owned')) === partitions;
    await until('the one that stays has taken everything over', takenOver);
    await load.more(100);
    await load.stop();
    await ready(await starting);
    await expectWhole(distributed, load.acknowledged);
  });
});
