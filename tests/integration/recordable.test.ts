import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { withHistories } from '../../src/steps/model/with-history.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, salesOf } from '../shop.ts'
import { failure } from './registry-fixture.ts'

test('training and comparing ask before they begin', async () => {
  const repo = await temporaryFolder()
  await initialise(repo)
  const sales = salesOf({ products: productIds(2), frequency: 'week', periods: 20 })
  await put(repo, {
    ...dataFiles(sales),
    ...recipe('seasonal-naive: {}'),
    'package-lock.json': '{}\n',
    'src/cli.ts': 'export {}\n',
    '.git/info/exclude': '2025.csv\nlax.yml\n',
    'lax.yml': 'origins: 1\n',
  })
  await commitAll(repo, 'Sell')
  const options = inputsIn(repo, OPENING + 200, { data: 'data' })
  const inputs = await readInputs(options)
  if (inputs.outcome === 'invalid') throw new Error(JSON.stringify(inputs.report))
  const policy = join(repo, 'lax.yml')
  const comparing = withHistories(inputs, (histories) =>
    compare({
      inputs,
      histories,
      policy,
      out: repo,
    }),
  )
  expect((await failure(comparing)).place.file).toBe('lax.yml')

  const [first] = Object.values(dataFiles(sales))
  await put(repo, { 'data/sales/2025.csv': first.replaceAll('2024-', '2025-') })
  expect((await failure(readInputs(options))).place.file).toBe('data/sales/2025.csv')

  const contract = JSON.parse(dataFiles(sales)['data/datapackage.json'])
  const fields = [
    { name: 'from', type: 'date' },
    { name: 'closed', type: 'boolean' },
  ]
  contract.resources.push({ name: 'plan', path: 'plan/*.csv', schema: { fields } })
  contract.cd4ml.plan = { columns: { from: 'from', closed: 'closed' }, knownDaysBefore: 7 }
  await rm(join(repo, 'data/sales/2025.csv'))
  await put(repo, {
    'data/datapackage.json': JSON.stringify(contract),
    'data/plan/2025.csv': 'from,closed\n2025-01-01,true\n',
  })
  expect((await failure(readInputs(options))).place.file).toBe('data/plan/2025.csv')
})
