/** The query for evidence of an initiative. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Evidence } from '../../proof/evidence/evidence.js';
import { makeEvidence, type EvidenceRecords, type NoEvidence } from '../../proof/evidence/make-evidence.js';
import { initiativeShown } from '../../projections/initiatives/reads.js';
import { Proof } from '../proof.js';
import { Reading, type Asked } from '../reading.js';

/** Evidence of an initiative by its latest statement, or by the latest up to a position; or why there is none. */
export class GetEvidence extends Query<Evidence | NoEvidence | 'unknown-initiative'> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly position: number | undefined,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetEvidence)
export class GetEvidenceHandler implements IQueryHandler<GetEvidence> {
  constructor(
    private readonly proof: Proof,
    private readonly reading: Reading,
  ) {}

  async execute({ programme, initiative, position, asked }: GetEvidence): Promise<Evidence | NoEvidence | 'unknown-initiative'> {
    const { answer } = await this.reading.about(programme, asked, async (snapshot) => {
      if (!(await initiativeShown(snapshot.source, programme, initiative))) return 'unknown-initiative';
      // An error of the read models is not one of the proof's stores, which would be told as such.
      const failures: { error: unknown }[] = [];
      const noted = <T>(read: Promise<T>): Promise<T> =>
        read.catch((error: unknown) => {
          failures.push({ error });
          throw error;
        });
      const records: EvidenceRecords = {
        record: (position) => noted(snapshot.read('recordText', programme, position)),
        events: (upTo) => noted(snapshot.read('eventTexts', programme, initiative, upTo)),
      };
      const sought = { programme, initiative, ...(position !== undefined && { position }) };
      try {
        return await this.proof.read((stores) => makeEvidence(stores, records, sought));
      } catch (error) {
        throw failures.length > 0 ? failures[0]?.error : error;
      }
    });
    return answer;
  }
}
