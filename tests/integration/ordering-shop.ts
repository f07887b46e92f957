import { mergeProposal, newProject, succeed } from '../project.ts'
import { OPENING, productIds, recipe, salesOf, stockedFiles } from '../shop.ts'

const WEEKS = 30

/** The last day whose sales the shop below knows. */
export const LAST_DAY = OPENING + 7 * WEEKS - 1

/** A shop with stock, terms of buying and a model in production: what it orders is the matter. */
export async function orderingShop(): Promise<string> {
  const sales = salesOf({ products: productIds(4), frequency: 'day', periods: 7 * WEEKS })
  const shop = await newProject({
    ...stockedFiles(sales, LAST_DAY),
    ...recipe('moving-average: { window: 8 }', { horizon: 5 }),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7, pack: 10 }\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(shop, command)
  }
  await mergeProposal(shop)
  return shop
}
