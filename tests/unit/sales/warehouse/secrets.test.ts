import { expect, test } from 'vitest'
import { withoutSecrets } from '../../../../src/sales/warehouse/secrets.ts'

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
