import { referenceTypes, type Reference } from '../../domain/papers/references.js';
import { OneOfField, TextField } from '../fields.js';
import { DigestField, LineField, MediaTypeField, SizeField, UrlField } from '../paper-fields.js';

const optional = true;

/** What a command, and its entry, say of one paper. */
export class ReferenceBody implements Reference {
  @OneOfField({
    values: referenceTypes,
    description: 'A document type of OC4IDS, or contract, invoice, legalAct, ocid.',
    example: 'invoice',
  })
  type!: string;
  @LineField({ description: 'Its number or name, as written on it.', example: '№ 45/2024', longest: 200 }) id!: string;
  @TextField({ description: 'Its title.', example: 'Invoice for servers', longest: 500, optional }) title?: string;
  @UrlField({ description: 'The address of the file.', example: 'https://zakupki.gov.kg/files/45.pdf', optional }) url?: string;
  @DigestField({
    description: 'SHA-256 of the file, hex. It proves which file was meant.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    optional,
  })
  sha256?: string;
  @SizeField({ description: 'The size of the file in bytes.', example: 48_213, optional }) size?: number;
  @MediaTypeField({ description: 'The media type of the file.', example: 'application/pdf', optional }) mediaType?: string;
}
