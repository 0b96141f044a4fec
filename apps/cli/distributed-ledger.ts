/** A ledger on Kafka, for the commands of the command line. */
import type { Commands } from '../../libs/command-processing/commands.js';
import { DistributedCommands } from '../../libs/command-processing/distributed-commands.js';
import { openKafkaEventLog, readKafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { KafkaInbox } from '../../libs/event-log/kafka/kafka-inbox.js';
import type { EventLog } from '../../libs/event-log/ports.js';
import type { Configuration } from '../configuration.js';
import { kafkaConnection, topicOptions } from '../connections.js';

/** The event log for reading. @throws {TopicMissing} @throws {TopicRefused} */
export function kafkaLogToRead(configuration: Configuration): Promise<EventLog> {
  return readKafkaEventLog(kafkaConnection(configuration, 'ledger'));
}

/** The event log for writing; its topics are created if there are none. @throws {TopicRefused} */
export function kafkaLogToWrite(configuration: Configuration): Promise<EventLog> {
  return openKafkaEventLog(kafkaConnection(configuration, 'ledger'), topicOptions(configuration));
}

/** A sender of commands to a distributed ledger, whose services decide them. */
export async function distributedSender(
  configuration: Configuration,
  onLost: (error: Error) => void,
): Promise<{ commands: Commands; log: EventLog; close(): Promise<void> }> {
  const connection = kafkaConnection(configuration, 'ledger');
  const log = await readKafkaEventLog(connection);
  const inbox = new KafkaInbox({ connection, partitions: log.partitions, instance: configuration.INSTANCE, onLost });
  const commands = await DistributedCommands.open({
    log,
    inbox,
    answerWithin: configuration.ANSWER_TIMEOUT,
    now: () => performance.now(),
    onUnreadable: (_partition, error) => {
      onLost(Error.isError(error) ? error : new Error(String(error)));
    },
  });
  return {
    commands,
    log,
    async close() {
      await commands.close();
      await inbox.close();
      await log.close();
      connection.close();
    },
  };
}
