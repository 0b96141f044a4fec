import { sourceKinds, type MoneySource, type SourceKind } from '../../domain/papers/source.js';
import { OneOfField, TextField } from '../fields.js';

/** Where money comes from. */
export class SourceBody implements MoneySource {
  @OneOfField({ values: sourceKinds, description: 'The state’s budget, a grant, a loan, or the authority’s own income.', example: 'grant' })
  kind!: SourceKind;
  @TextField({ description: 'Who gives the money.', example: 'World Bank', longest: 200, optional: true }) party?: string;
  @TextField({ description: 'The agreement under which it is given.', example: 'TF-0B8872', longest: 200, optional: true })
  agreement?: string;
}
