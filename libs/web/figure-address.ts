import { figureIn, type FigureWord } from '../projections/explain/asked.js';
import type { FigureAsked } from '../projections/explain/figures.js';
import { BadAddress } from './page-request.js';

/** The figure that an address names; of the share `absorption`, its numerator. @throws {BadAddress} */
export function figureOfAddress({ from, figure, ...words }: Record<string, string>): FigureAsked {
  const sent = {
    ...words,
    ...(from !== undefined && { occurredAfter: from }),
    ...(figure !== undefined && { figure: numeratorOf(figure) }),
  };
  return figureIn(sent, (word, right) => new BadAddress(`${inAddress(word)}: ${right}`));
}
const numeratorOf = (figure: string) => (figure === 'absorption' ? 'absorption-numerator' : figure);
const inAddress = (word: FigureWord) => (word === 'occurredAfter' ? 'from' : word);
