import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { selfMade } from '../../https-server.ts'
import { startPostgres } from '../../postgres.ts'
import { freePort } from '../../postgres-server.ts'
import { temporaryFolder } from '../../repository.ts'
import { contractWith, warehouseProject } from './warehouse-fixture.ts'

/** For the name of this machine, and not for its address. */
const own = selfMade({ isForAddress: false })
const port = await freePort()
const postgres = await startPostgres({ ...own, port })
const testPostgres = test.skipIf(!postgres)

const certificates = await temporaryFolder()
const trusted = join(certificates, 'own.pem')
const other = join(certificates, 'other.pem')
await writeFile(trusted, own.certificate)
await writeFile(other, selfMade().certificate)

/** A project that asks the server, called so, whether it is asked by TLS. */
async function asking(host: string, options: string) {
  const query = `select current_date - 1 - current_date + :until as day, 's1' as store,
    case when ssl then 'by TLS' else 'in clear' end as sku, 1 as units, 1 as value, null as delivered,
    null as on_hand from pg_stat_ssl where pid = pg_backend_pid() and :from < :until`
  const named = options.replace('OWN', trusted).replace('OTHER', other).replaceAll(' ', '%20')
  const url = `postgres://cd4ml@${host}:${port}/postgres?${named}`
  const { run, files } = await warehouseProject(
    contractWith({ engine: 'postgresql', connection: 'WAREHOUSE_URL', query }),
    { WAREHOUSE_URL: url },
  )
  return async () => {
    await run()
    return (await files())['2026-10.csv'].split('\n')[1]
  }
}

testPostgres.each([
  ['localhost', 'sslmode=verify-full&sslrootcert=OWN', 'by TLS'],
  ['localhost', 'sslmode=require&sslrootcert=OWN', 'by TLS'],
  ['localhost', '', 'in clear'],
  ['0.0.0.0', 'sslmode=disable', 'in clear'],
])('the database at %s with "%s" is asked %s', async (host, options, how) => {
  const ask = await asking(host, options)
  expect(await ask()).toContain(how)
})

const UNTRUSTED = ['is signed by nobody who is trusted here', '&sslrootcert='] as const
const OTHER_HOST = ['is for another host', 'Name the host in WAREHOUSE_URL'] as const

testPostgres.each([
  ['localhost', 'sslmode=verify-full', ...UNTRUSTED],
  ['localhost', 'sslmode=require', ...UNTRUSTED],
  ['localhost', 'sslmode=verify-full&sslrootcert=OTHER', ...UNTRUSTED],
  // No other machine is asked in clear because somebody has left it out.
  ['0.0.0.0', '', ...UNTRUSTED],
  ['127.0.0.1', 'sslmode=verify-full&sslrootcert=OWN', ...OTHER_HOST],
  ['127.0.0.1', 'sslmode=require&sslrootcert=OWN', ...OTHER_HOST],
  [
    'localhost',
    'sslmode=verify-full&sslrootcert=/no/such/file.pem',
    'a certificate that the connection string names cannot be read',
    'their paths begin at the project',
  ],
])('at %s with "%s" nothing is asked: its certificate %s', async (host, options, what, remedy) => {
  const ask = await asking(host, options)
  const error = await ask().catch((error) => error)
  expect(error.name).toBe('UserError')
  expect(error.message).toContain(what)
  expect(error.message).toContain(remedy)
})
