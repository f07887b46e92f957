import { tmpdir } from 'node:os'
import { afterAll } from 'vitest'
import { newPostgres, type Postgres, type ServerTls } from './postgres-server.ts'

/**
 * A PostgreSQL for the tests of a file, which ends with them. Where this machine has none: undefined,
 * having said so, or an error where `CD4ML_REQUIRE_POSTGRES` is set.
 */
export async function startPostgres(tls?: ServerTls): Promise<Postgres | undefined> {
  const server = await newPostgres(tmpdir(), tls)
  if (server !== undefined) {
    afterAll(server.end)
    return server
  }
  const missing = 'PostgreSQL is not installed here (Debian: apt-get install postgresql)'
  if (process.env.CD4ML_REQUIRE_POSTGRES) throw new Error(missing)
  console.warn(`${missing}: what needs it is skipped.`)
  return undefined
}
