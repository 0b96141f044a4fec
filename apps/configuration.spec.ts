import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, readConfiguration } from './configuration.js';

const whole = {
  TOKEN_JWKS_URL: 'https://issuer.example/realms/state/jwks',
  OIDC_ISSUER: 'https://issuer.example/realms/state',
  OIDC_CLIENT_ID: 'ledger',
  PUBLIC_URL: 'https://ledger.example',
};

describe('the settings of OpenID Connect', () => {
  it('name an issuer, a client, the public address and, for clients that have one, a secret', () => {
    expect(readConfiguration(whole)).toMatchObject({ ...whole, OIDC_CLIENT_SECRET: '', OIDC_SCOPE: 'openid', OIDC_RESOURCE: '' });
  });

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])('admit plain HTTP on loopback: %s', (here) => {
    expect(readConfiguration({ ...whole, OIDC_ISSUER: here, PUBLIC_URL: here })).toMatchObject({ OIDC_ISSUER: here, PUBLIC_URL: here });
  });

  it.each([
    [{ ...whole, PUBLIC_URL: '' }, 'with OIDC_ISSUER, set PUBLIC_URL too'],
    [{ OIDC_ISSUER: whole.OIDC_ISSUER }, 'with OIDC_ISSUER, set OIDC_CLIENT_ID and PUBLIC_URL too'],
    [{ ...whole, TOKEN_JWKS_URL: '' }, 'name the keys of its access tokens with TOKEN_JWKS_URL or TOKEN_KEY_FILE'],
    [{ OIDC_CLIENT_ID: 'ledger' }, 'name it with OIDC_ISSUER'],
    [{ ...whole, PUBLIC_URL: 'http://ledger.example' }, 'PUBLIC_URL: an origin such as https://ledger.example'],
    [{ ...whole, PUBLIC_URL: 'https://ledger.example/ledger' }, 'PUBLIC_URL: an origin such as https://ledger.example'],
    [{ ...whole, OIDC_ISSUER: 'http://issuer.example' }, 'OIDC_ISSUER: an address such as https://issuer.example'],
    [{ ...whole, OIDC_ISSUER: 'https://name:secret@issuer.example' }, 'OIDC_ISSUER: an address such as https://issuer.example'],
    [{ ...whole, OIDC_SCOPE: 'profile' }, 'OIDC_SCOPE: scopes separated by spaces, openid among them, not profile'],
    [{ ...whole, OIDC_RESOURCE: 'ledger' }, 'OIDC_RESOURCE: an absolute URI such as https://ledger.example'],
  ])('refuse %j', (environment, says) => {
    expect(() => readConfiguration(environment)).toThrow(ConfigurationError);
    expect(() => readConfiguration(environment)).toThrow(says);
  });
});
