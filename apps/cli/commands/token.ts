import type { Configuration } from '../../configuration.js';
import { keyThere, signToken, type TokenRequest } from '../../standalone/own-key.js';
import { UserError } from '../output.js';

/** A token signed with the key of the data folder. @throws {UserError} a token issuer is configured, or there is no key */
export async function tokenFor(configuration: Configuration, request: TokenRequest): Promise<string> {
  if (configuration.TOKEN_JWKS_URL !== '' || configuration.TOKEN_KEY_FILE !== '')
    throw new UserError('this ledger accepts tokens of the configured issuer only (TOKEN_JWKS_URL, TOKEN_KEY_FILE); get one there');
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, TOKEN_TYPE: type } = configuration;
  const key = await keyThere(configuration.DATA_DIR);
  if (!key)
    throw new UserError(
      `there is no key in ${configuration.DATA_DIR}: a ledger makes it when it is first served; name the ledger's folder with --data or DATA_DIR`,
    );
  return signToken(key, request, { issuer, audience, type });
}
