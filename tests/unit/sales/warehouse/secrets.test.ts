import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoted, UserError } from '../../../../src/base/errors.ts'
import { shortened, visibleText } from '../../../../src/base/wording.ts'
import { errorWithoutSecrets, withoutSecrets } from '../../../../src/sales/warehouse/secrets.ts'

test.each([
  [
    'postgres://maria:p%40ss%3Aword@db.example.com:5432/shop?sslmode=require',
    ['maria', 'p%40ss%3Aword', 'p@ss:word', 'db.example.com'],
  ],
  ['postgres://maria:p@ss@db.example.com/shop', ['maria', 'p@ss', 'db.example.com']],
  [
    'host=db.example.com user=maria password=very-secret dbname=shop',
    ['maria', 'very-secret', 'db.example.com'],
  ],
  [
    'postgres:///shop?host=/run/pg&user=maria&password=very-secret',
    ['maria', 'very-secret', '/run/pg'],
  ],
  [
    "host='db.example.com' user = maria password='very secret \\'word\\''",
    ['maria', "very secret 'word'", 'db.example.com'],
  ],
  [
    'postgres://maria:s3cret-word@DB.Example.com,Other.example.com:5433/shop?options=a@b',
    ['maria', 's3cret-word', 'db.example.com', 'Other.example.com'],
  ],
])('nothing that %j says stands in a message', (address, secrets) => {
  const message = `cannot reach ${address}: ${secrets.join(' or ')} is wrong`
  const told = withoutSecrets(message, { WAREHOUSE_URL: address, PATH: '/bin' }, ['WAREHOUSE_URL'])
  for (const secret of secrets) expect(told).not.toContain(secret)
  expect(told).toContain('WAREHOUSE_URL')
})

test('what is called as secrets are is taken out, what is not is left', () => {
  const environment = {
    BQ_TOKEN: 'abcdef123',
    SNOWSQL_PWD: 'hunter2x',
    HOME: '/home/maria',
    KEY: 'ab',
  }
  expect(withoutSecrets('abcdef123 hunter2x /home/maria ab', environment, [])).toBe(
    '(BQ_TOKEN) (SNOWSQL_PWD) /home/maria ab',
  )
})

test.each([
  ['could not connect to postgres://maria:s3cret@db/shop', 'postgres://maria:(secret)@db/shop'],
  ['run as PGPASSWORD=s3cret psql', 'PGPASSWORD=(secret) psql'],
  ['> authorization: Bearer ya29.a0-Abc_d', '> authorization: Bearer (secret)'],
  ['{"access_token": "ya29.a0-Abc_d", "expires": 1}', '{"access_token": "(secret)", "expires": 1}'],
  [
    '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\nis no key',
    '(secret)\nis no key',
  ],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEvQ', '(secret)'],
])('%j tells a secret that no variable holds: it is taken out', (said, told) => {
  expect(withoutSecrets(said, {}, [])).toContain(told)
})

test('a key of many lines is taken out line by line, and out of JSON', () => {
  const pem = '-----BEGIN KEY-----\nMIIEvQIBAD\nANBgkqhkiG\n-----END KEY-----\n'
  const environment = {
    SSL_KEY: pem,
    GOOGLE_CREDENTIALS: JSON.stringify({ id: 7, key: 'abcDEF\nghiJKL', email: 'a@example.com' }),
    ESCAPED_TOKEN: 'first-line\\nsecond-line',
  }
  const said = '| ANBgkqhkiG\n| MIIEvQIBAD; ghiJKL; a@example.com; second-line'
  expect(withoutSecrets(said, environment, [])).toBe(
    '| (SSL_KEY)\n| (SSL_KEY); (GOOGLE_CREDENTIALS); (GOOGLE_CREDENTIALS); (ESCAPED_TOKEN)',
  )
})

test('the folder of the project, and words that are also a name, stay what they are', () => {
  const environment = { PWD: '/home/shop', WAREHOUSE_URL: 'postgres://sale:s3cret@db/shop' }
  const said = '/home/shop/sales/2026-10.csv: sale is no user, sales are'
  expect(withoutSecrets(said, environment, ['WAREHOUSE_URL'])).toBe(
    '/home/shop/sales/2026-10.csv: (user of WAREHOUSE_URL) is no user, sales are',
  )
})

test('an error tells nothing secret by its remedy, its place, its cause or its stack', () => {
  const environment = { API_TOKEN: 's3cret-word' }
  const cause = new Error('s3cret-word')
  const options = { file: '/x/s3cret-word', key: 's3cret-word', remedy: 'Ask s3cret-word.', cause }
  const mistake = errorWithoutSecrets(new UserError('s3cret-word', options), environment, [])
  const bug = errorWithoutSecrets(new TypeError('no s3cret-word', { cause }), environment, [])
  expect(bug).toBeInstanceOf(TypeError)
  for (const error of [mistake, bug] as Error[]) {
    const { message, stack, cause } = error
    const told = [message, stack, JSON.stringify(error), String(cause), (cause as Error)?.stack]
    expect(told.join(' ')).not.toContain('s3cret')
    expect(message).toContain('(API_TOKEN)')
  }
})

// None of these signs is in what is said around it, nor in the names of the variables.
const secret = fc
  .array(fc.constantFrom(...'bcjkqz0123456789@:/%#?&=+ "\'\\$üЖ漢😀\n'), {
    minLength: 6,
    maxLength: 60,
  })
  .map((signs) => signs.join(''))
  .filter(
    (text) => text.trim() === text && text.split('\n').every((line) => line.trim().length >= 6),
  )

test('no three characters of a password are told, however they are written, wherever the text is cut', () => {
  const forms: ((text: string) => string)[] = [
    (text) => text,
    (text) => quoted(text),
    (text) => visibleText(text),
    (text) => encodeURIComponent(text),
    (text) => encodeURIComponent(text).toLowerCase(),
    (text) => text.replaceAll('\n', '\n|| '),
  ]
  const cuts: ((text: string, at: number) => string)[] = [
    (text) => text,
    (text, at) => shortened(text, Math.max(2, at % text.length)),
    (text, at) => `…${text.slice(at % text.length)}`,
  ]
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom(...forms),
      fc.constantFrom(...cuts),
      fc.nat(),
      (password, form, cut, at) => {
        const environment = {
          WAREHOUSE_URL: `postgres://maria:${encodeURIComponent(password)}@h.example/shop`,
          PGPASSWORD: password,
        }
        const said = cut(`FATAL: ${form(password)} FATAL`, at)
        const told = withoutSecrets(said, environment, ['WAREHOUSE_URL'])
        const left = told.replaceAll(/\([^()]*\)/g, '()')
        // A line end is no character that anybody reads.
        for (const line of password.split('\n')) {
          for (let from = 0; from + 3 <= line.length; from++) {
            expect(left).not.toContain(line.slice(from, from + 3))
          }
        }
      },
    ),
    { numRuns: 150 },
  )
})
