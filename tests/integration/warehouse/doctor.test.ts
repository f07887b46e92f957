import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { attempted } from '../../../src/steps/setup/checkup.ts'
import { warehouseHere } from '../../../src/steps/setup/warehouse-checkups.ts'
import { put } from '../../repository.ts'
import { contractWith, warehouseProject } from './warehouse-fixture.ts'

const QUERY = 'select 1 where 1 between :from and :until'
const POSTGRES = { engine: 'postgresql', connection: 'SHOP_DB', query: QUERY }
const INGEST = '.github/workflows/ingest.yml'
const PASSED_ON = { [INGEST]: `env:\n  SHOP_DB: \${{ secrets.SHOP_DB }}\n` }

/** What the doctor says of a project whose contract has this source. */
async function told(source: object, files: Record<string, string> = PASSED_ON, environment = {}) {
  const { project, contract: file } = await warehouseProject(contractWith(source))
  await put(project, files)
  if ('tools/extract' in files) await chmod(join(project, 'tools/extract'), 0o755)
  const contract = await readContract(file)
  const checkup = await attempted('warehouse', () =>
    warehouseHere(contract.source!, { project, contract: file, environment }),
  )
  return `${checkup.state}: ${checkup.detail}`
}

test.each([
  ['a query that cannot be one', { ...POSTGRES, query: 'select 1' }, 'does not use :from'],
  ['a file of SQL that is not there', { ...POSTGRES, query: 'no.sql' }, 'cannot be read'],
  ['DuckDB that is not installed', { engine: 'duckdb', query: QUERY }, 'is not installed'],
  [
    'a program that is not there',
    { engine: 'program', command: ['no-such'] },
    'there is no program',
  ],
  ['one that is not in the project', { engine: 'program', command: ['./no-such'] }, 'no program'],
  [
    'an input that is not there',
    { engine: 'program', command: ['sh'], input: 'no.sql' },
    'cannot be read',
  ],
])('the doctor finds %s, and asks nobody', async (_, source, message) => {
  const said = await told(source, PASSED_ON, { PATH: process.env.PATH })
  expect(said).toMatch(/^to do: /)
  expect(said).toContain(message)
})

test('the doctor finds an address that is none, and does not repeat it', async () => {
  const said = await told(POSTGRES, PASSED_ON, { SHOP_DB: 'mysql://maria:geheim@db/shop' })
  expect(said).toContain('the environment variable SHOP_DB holds no connection string')
  expect(said).not.toContain('geheim')
})

test('the doctor finds a workflow that is not there, or does not pass on what the contract asks with', async () => {
  expect(await told(POSTGRES, {})).toContain(`there is no ${INGEST}`)
  const other = { [INGEST]: 'env:\n  WAREHOUSE_URL: x\n' }
  expect(await told(POSTGRES, other)).toContain(`${INGEST} does not pass on SHOP_DB`)
})

test('the doctor is content where all is there, also with a connection that only GitHub has', async () => {
  expect(await told(POSTGRES)).toBe('passed: PostgreSQL at SHOP_DB, which is not set here')
  const environment = {
    SHOP_DB: 'postgres://reader@no-such-host.invalid/shop',
    PATH: process.env.PATH,
  }
  expect(await told(POSTGRES, PASSED_ON, environment)).toBe('passed: PostgreSQL at SHOP_DB')
  const program = { engine: 'program', command: ['sh', '-c', 'exit 1'] }
  expect(await told(program, PASSED_ON, environment)).toBe('passed: the program "sh"')
  const own = { engine: 'program', command: ['tools/extract'] }
  const files = { ...PASSED_ON, 'tools/extract': '#!/bin/sh\n' }
  expect(await told(own, files, environment)).toBe('passed: the program "tools/extract"')
})
