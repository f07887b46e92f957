import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { openEngine } from '../../../src/service/engine/open-engine.ts'
import { mergeProposal, newProject, succeed } from '../../project.ts'
import { OPENING, productIds, recipe, salesOf, stockedFiles } from '../../shop.ts'

const weeks = 30
const lastDay = OPENING + 7 * weeks - 1
const today = dayFromIso('2024-07-29')!
let shop: string

beforeAll(async () => {
  const sales = salesOf({ products: productIds(4), frequency: 'day', periods: 7 * weeks })
  shop = await newProject({
    ...stockedFiles(sales, lastDay),
    ...recipe('moving-average: { window: 8 }', { horizon: 5 }),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 10 }\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(shop, command)
  }
  await mergeProposal(shop)
})

describe('whoever asks the engine gets', () => {
  it('what the command line says, with all quantiles, and by which version', async () => {
    const engine = await opened()
    const { basis, answers } = await engine.forecasts([
      { product: 'P1', from: '2024-07-29', to: '2024-08-11' },
    ])
    const printed = await succeed(shop, [
      'forecast',
      '--product',
      'P1',
      '--from',
      '2024-07-29',
      '--to',
      '2024-08-11',
      '--json',
    ])
    const [said] = JSON.parse(printed).forecasts
    expect(basis).toMatchObject({ version: 1, salesThrough: '2024-07-28' })
    expect(answers).toMatchObject([
      { outcome: 'answered', answer: { product: 'P1', mean: said.mean, restsOn: 'series' } },
    ])
  })
})

async function opened() {
  const engine = await openEngine({ project: shop, today })
  onTestFinished(() => engine.close())
  return engine
}
