import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { readContract } from '../../src/sales/contract/contract.ts'
import { put, temporaryFolder } from '../repository.ts'
import { planContractOf } from './plan-fixture.ts'

async function read(contract: object) {
  const folder = await temporaryFolder()
  await put(folder, { 'datapackage.json': JSON.stringify(contract) })
  return readContract(`${folder}/datapackage.json`)
}

async function refusal(contract: object) {
  return read(contract).then(
    () => undefined,
    (error) => (error instanceof UserError ? `${error.place.key}: ${error.message}` : error),
  )
}

const without = (name: string, contract: object = planContractOf()) => {
  const { resources } = contract as { resources: { name: string }[] }
  return { ...contract, resources: resources.filter((resource) => resource.name !== name) }
}

describe('a contract with a plan', () => {
  test('has sales as before, and the plan apart from them', async () => {
    const { resources, plan, plannedPrices } = await read(planContractOf())
    expect(resources.map(({ name }) => name)).toEqual(['sales'])
    expect(plan?.resource.paths).toEqual(['plan/*.csv'])
    expect(plannedPrices).toBe('planned')
  })

  test('that does not say since when a plan was known is asked, with both remedies', async () => {
    const asked = await refusal(planContractOf({ columns: { knownOn: undefined } }))
    expect(asked).toMatch(/cd4ml\.plan: .*known.*columns\.knownOn.*knownDaysBefore/s)
  })

  test('may learn from prices as they came without any plan, where there are prices', async () => {
    const plan = { columns: undefined, plannedPrices: 'actual' }
    const contract = without('plan', planContractOf({ plan }))
    const { plan: none, plannedPrices } = await read(contract)
    expect([none, plannedPrices]).toEqual([undefined, 'actual'])
    const columns = { product: 'id', saleDate: 'sold' }
    const unpriced = without('plan', planContractOf({ plan, cd4ml: { columns } }))
    expect(await refusal(unpriced)).toMatch(/plannedPrices: .*no price/)
  })

  test.each([
    ['says it twice', { plan: { knownDaysBefore: 7 } }, /cd4ml\.plan: .*twice/],
    ['has no columns', { plan: { columns: undefined } }, /cd4ml\.plan\.columns: /],
    [
      'plans nothing',
      {
        columns: Object.fromEntries(
          ['price', 'discount', 'promotion', 'display', 'closed'].map((role) => [role, undefined]),
        ),
      },
      /cd4ml\.plan\.columns: .*nothing that is planned/,
    ],
    ['names a column that is not there', { columns: { price: 'preco' } }, /no field "preco"/],
    ['takes a day for a price', { columns: { price: 'to' } }, /used as price.*must be/],
    [
      'says how discounts are, but has none',
      { columns: { discount: undefined }, plan: { discounts: 'share' } },
      /discounts: .*ignored/,
    ],
    ['has an unknown role', { columns: { colour: 'promotion' } }, /colour/],
    [
      'tells stores apart that the sales do not',
      { cd4ml: { columns: { product: 'id', saleDate: 'sold', category: 'group' } } },
      /columns\.store: /,
    ],
    [
      'tells categories apart that the sales do not',
      { cd4ml: { columns: { product: 'id', saleDate: 'sold', store: 'shop' } } },
      /columns\.category: /,
    ],
  ])('that %s is refused, and says where', async (_, changes, message) => {
    expect(await refusal(planContractOf(changes))).toMatch(message)
  })

  test('that describes columns of no resource is refused', async () => {
    expect(await refusal(without('plan'))).toMatch(/cd4ml\.plan: .*resource named "plan"/s)
  })

  test('without sales is refused', async () => {
    expect(await refusal(without('sales'))).toMatch(/resources: names no sales/)
  })
})
