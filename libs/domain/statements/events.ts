import type { Nothing } from '../vocabulary.js';
import type { StatementCommandData } from './commands.js';

/** Events of statements. They are events of the programme, with its versions. */
export type StatementEvents = {
  StatementOrdered: { data: StatementCommandData['OrderStatement']; context: Nothing };
  StatementPublished: { data: StatementCommandData['PublishStatement']; context: Nothing };
};
