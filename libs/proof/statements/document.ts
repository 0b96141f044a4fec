/**
 * What a statement says of a programme and of each of its initiatives: the definition `sums-1`. It depends on records alone, and its text never changes with
 * the code, so that others can fold it too.
 */
import { createHash } from 'node:crypto';
import { canonicalText } from '../../domain/canonical-text.js';
import type { StatementDefinition } from '../../domain/statements/commands.js';
import { effectsOf, furthest, type SumsChange } from '../../domain/effects.js';
import type { FiscalYear, Money, Status } from '../../domain/vocabulary.js';
import type { EventRecord, Wire } from '../../event-log/record.js';

export const definition: StatementDefinition = 'sums-1';

/** Sums of a fiscal year, in minor units. A programme's have `appropriated` too. */
export type StatedSums = { appropriated?: Money; funded: Money; spent: Money; returned: Money; committed: Money };
/** The sums of each fiscal year in which money moved. */
export type StatedYears = Readonly<Record<FiscalYear, StatedSums>>;
export type InitiativeDocument = { authority: string; status: Status; suspended: boolean; years: StatedYears };
export type ProgrammeDocument = { currency: string; years: StatedYears; closed: readonly FiscalYear[] };

/** A document as folded so far: the number of its events, and a digest of their positions. */
export type Folded<D extends ProgrammeDocument | InitiativeDocument = ProgrammeDocument | InitiativeDocument> = {
  versions: number;
  /** SHA-256 (hex) over the digest before and the next position as eight bytes, the highest first; it begins with 32 zero bytes. */
  positions: string;
  document: D;
};

/** The key of the programme's own document, after those of all initiatives. */
export const programmeKey = 'programme';
export function initiativeKey(initiative: string): string {
  return `initiatives/${initiative}`;
}

/** The leaf of a document: canonical JSON, whose bytes are hashed as RFC 6962 hashes a leaf. */
export function leafText(key: string, { versions, positions, document }: Folded): string {
  return canonicalText({ document, key, positions, versions });
}

/** Reads the leaf of an initiative's document. @throws {TypeError} it is none */
export function readInitiative(text: string): Folded<InitiativeDocument> {
  const { versions, positions, document } = leafIn<InitiativeDocument>(text);
  return { versions, positions, document: { ...document, years: yearsIn(document.years) } };
}
/** Reads the leaf of a programme's own document. @throws {TypeError} it is none */
export function readProgramme(text: string): Folded<ProgrammeDocument> {
  const { versions, positions, document } = leafIn<ProgrammeDocument>(text);
  return { versions, positions, document: { ...document, years: yearsIn(document.years) } };
}

/** Leaves are texts that {@link leafText} made, so that their shape is known. */
function leafIn<D extends ProgrammeDocument | InitiativeDocument>(text: string): Wire<Folded<D>> {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return JSON.parse(text) as Wire<Folded<D>>;
}
function yearsIn(years: Wire<StatedYears>): StatedYears {
  return Object.fromEntries(
    Object.entries(years).map(([year, { appropriated, funded, spent, returned, committed }]) => [
      year,
      {
        ...(appropriated !== undefined && { appropriated: BigInt(appropriated) }),
        funded: BigInt(funded),
        spent: BigInt(spent),
        returned: BigInt(returned),
        committed: BigInt(committed),
      },
    ]),
  );
}

const noPositions = '0'.repeat(64);

/** The digest of positions with one more. */
export function withPosition(digest: string, position: number): string {
  const bytes = Buffer.alloc(40);
  bytes.write(digest, 'hex');
  bytes.writeBigUInt64BE(BigInt(position), 32);
  return createHash('sha256').update(bytes).digest('hex');
}

/** The programme's document after an event, of its own or of an initiative. */
export function foldProgramme(before: Folded<ProgrammeDocument> | undefined, event: EventRecord): Folded<ProgrammeDocument> {
  const { sums = [], year } = effectsOf(event);
  const { currency = '', years = {}, closed = [] } = before?.document ?? {};
  const others = closed.filter((one) => one !== year?.fiscalYear);
  return after(before, event, {
    currency: event.type === 'ProgrammeEstablished' ? event.data.currency : currency,
    years: sums.reduce(withProgrammeSums, years),
    closed: year?.closed ? [...others, year.fiscalYear].sort((one, other) => one - other) : others,
  });
}

/** An initiative's document after one of its events. */
export function foldInitiative(before: Folded<InitiativeDocument> | undefined, event: EventRecord): Folded<InitiativeDocument> {
  const effects = effectsOf(event);
  const { authority = '', status = 'proposed', suspended = false, years = {} } = before?.document ?? {};
  return after(before, event, {
    authority: effects.terms?.authority ?? authority,
    status: furthest(status, effects.step),
    suspended: effects.suspended ?? suspended,
    years: (effects.sums ?? []).reduce(withSums, years),
  });
}

function after<D extends ProgrammeDocument | InitiativeDocument>(
  before: Folded | undefined,
  { position }: EventRecord,
  document: D,
): Folded<D> {
  return { versions: (before?.versions ?? 0) + 1, positions: withPosition(before?.positions ?? noPositions, position), document };
}

function withSums(years: StatedYears, { fiscalYear, funded = 0n, spent = 0n, returned = 0n, committed = 0n }: SumsChange): StatedYears {
  const sums = years[fiscalYear] ?? noSums;
  return {
    ...years,
    [fiscalYear]: {
      ...sums,
      funded: sums.funded + funded,
      spent: sums.spent + spent,
      returned: sums.returned + returned,
      committed: sums.committed + committed,
    },
  };
}
function withProgrammeSums(years: StatedYears, change: SumsChange): StatedYears {
  const { fiscalYear, appropriated = 0n } = change;
  const after = withSums(years, change);
  return {
    ...after,
    [fiscalYear]: { ...(after[fiscalYear] ?? noSums), appropriated: (years[fiscalYear]?.appropriated ?? 0n) + appropriated },
  };
}
const noSums: StatedSums = { funded: 0n, spent: 0n, returned: 0n, committed: 0n };
