import { describe, expect, it } from 'vitest'
import { accessSettings } from '../../../src/commands/serve-access.ts'

const USUAL = {
  actionsRef: 'refs/heads/main',
  actionsIssuer: 'https://token.actions.githubusercontent.com',
}
const ACCOUNTS = {
  CD4ML_OIDC_ISSUER: 'https://accounts.example',
  CD4ML_OIDC_CLIENT_ID: 'cd4ml',
  CD4ML_OIDC_CLIENT_SECRET: 'secret',
  CD4ML_OIDC_EMAIL_DOMAIN: '@chain.example',
}

describe('what a chain says of who may ask', () => {
  it('is nothing but tokens and links where it says nothing', () => {
    expect(accessSettings(USUAL, {})).toEqual({ access: {} })
  })

  it('reaches the service', () => {
    const flags = {
      ...USUAL,
      trustProxy: '127.0.0.1, 10.0.0.0/8,loopback,::1,fd00::/8',
      embedIn: ['https://stock.example', 'http://localhost:8069/'],
      requestsPerMinute: 100,
      actionsRepository: 'chain/orders',
      actionsAudience: 'https://orders.example',
    }
    expect(accessSettings(flags, ACCOUNTS)).toEqual({
      access: {
        embedIn: ['https://stock.example', 'http://localhost:8069'],
        requestsAMinute: 100,
        workflows: {
          repository: 'chain/orders',
          ref: 'refs/heads/main',
          audience: 'https://orders.example',
          issuer: 'https://token.actions.githubusercontent.com',
          scopes: ['read', 'record'],
        },
        provider: {
          issuer: 'https://accounts.example',
          clientId: 'cd4ml',
          clientSecret: 'secret',
          allowed: { emailDomain: 'chain.example' },
        },
      },
      trustProxy: flags.trustProxy,
    })
  })

  it.each<[string, object, string]>([
    ['an address that is none', { trustProxy: '10.0.0.0/33' }, '--trust-proxy'],
    ['everybody as a proxy', { trustProxy: '0.0.0.0/0' }, '--trust-proxy'],
    ['a name as a proxy', { trustProxy: 'proxy' }, '--trust-proxy'],
    ['a page instead of an origin', { embedIn: ['https://stock.example/a'] }, '--embed-in'],
    ['all origins', { embedIn: ['*'] }, '--embed-in'],
    [
      'a policy instead of an origin',
      { embedIn: ['https://a.example; script-src *'] },
      '--embed-in',
    ],
    ['a repository without its owner', { actionsRepository: 'orders' }, '--actions-repository'],
    ['no audience', { actionsRepository: 'a/b' }, '--actions-audience'],
    [
      'a short branch',
      { actionsRepository: 'a/b', actionsAudience: 'x', actionsRef: 'main' },
      '--actions-ref',
    ],
    [
      'an issuer without https',
      { actionsRepository: 'a/b', actionsAudience: 'x', actionsIssuer: 'http://evil.example' },
      '--actions-issuer',
    ],
  ])('is refused where it says %s', (_, flags, key) => {
    expect(() => accessSettings({ ...USUAL, ...flags }, {})).toThrow(key)
  })

  it.each(['CLIENT_ID', 'CLIENT_SECRET', 'EMAIL_DOMAIN'])(
    'is refused where accounts miss %s: nobody is let in by half a setting',
    (name) => {
      const environment = { ...ACCOUNTS, [`CD4ML_OIDC_${name}`]: '' }
      expect(() => accessSettings(USUAL, environment)).toThrow('CD4ML_OIDC_')
    },
  )
})
