import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
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
  const comparing = compare({
    inputs,
    history: openHistory(inputs.totals),
    policy,
    out: repo,
  })
  expect((await failure(comparing)).place.file).toBe('lax.yml')

  const [first] = Object.values(dataFiles(sales))
  await put(repo, { 'data/sales/2025.csv': first.replaceAll('2024-', '2025-') })
  expect((await failure(readInputs(options))).place.file).toBe('data/sales/2025.csv')
})
