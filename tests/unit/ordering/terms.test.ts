import { expect, it } from 'vitest'
import { readOrdering, termsOf } from '../../../src/ordering/buying-terms.ts'
import { REPOSITORY, SAMPLE_ORDERING } from '../../project.ts'
import { put, temporaryFolder } from '../../repository.ts'

const series = { productId: '1042', storeId: undefined, name: undefined, category: 'Padaria' }

it('takes what is said of the product before what is said of its category before the defaults', async () => {
  const ordering = await readText(`
defaults: { leadTime: 5, reviewPeriod: 14, pack: 2 }
categories: { Padaria: { leadTime: 1, reviewPeriod: 2 } }
products: { 1042: { leadTime: 0 } }
`)
  expect(termsOf(ordering, series)).toMatchObject({ leadTime: 0, reviewPeriod: 2, pack: 2 })
  const other = { ...series, productId: '7', category: 'constructor' }
  expect(termsOf(ordering, other)).toMatchObject({ leadTime: 5, reviewPeriod: 14, pack: 2 })
})

it('buys on the usual terms where there is no file, but not where one is named', async () => {
  const empty = await temporaryFolder()
  expect(termsOf(await readOrdering(empty), series)).toMatchObject({ leadTime: 3, pack: 1 })
  await expect(readOrdering(empty, `${empty}/ordering.yml`)).rejects.toThrow(/cannot be read/)
})

it('knows which day a purchase date is, and asks where it is neither', async () => {
  expect((await readText('purchaseDate: order')).purchaseDate).toBe('order')
  expect((await readText('defaults: {}')).purchaseDate).toBeUndefined()
  await expect(readText('purchaseDate: delivery')).rejects.toThrow(/purchaseDate/)
})

it('names the key of what is wrong', async () => {
  await expect(readText('defaults: { leadTime: -1 }')).rejects.toThrow(
    /ordering.yml: defaults.leadTime: must be >= 0, but is -1/,
  )
  await expect(readText('products: { 7: { leed: 1 } }')).rejects.toThrow(/key "leed"/)
})

it.each([
  ['leadTime', 0, 365, [-1, 366, 1.5]],
  ['reviewPeriod', 1, 365, [0, 366, 1.5]],
  ['pack', 1, 10_000, [0, 10_001, 1.5]],
  ['urgentSurcharge', 0, 10, [-0.1, 10.1, '1']],
  ['shelfCost', 1e-9, 1, [0, 1.1]],
  ['minimumService', 0, 0.999, [-0.1, 1]],
])(
  '%s is from %d to %d, for a product too: no order rests on a slip of the pen',
  async (key, least, most, wrong) => {
    const written = (value: unknown) =>
      readText(`products: { 1042: { ${key}: ${JSON.stringify(value)} } }`)
    for (const value of [least, most]) {
      expect(termsOf(await written(value), series)).toMatchObject({ [key]: value })
    }
    await expect(
      readText(`categories: { Padaria: { ${key}: ${JSON.stringify(wrong[0])} } }`),
    ).rejects.toThrow(`categories.Padaria.${key}`)
    for (const value of wrong) await expect(written(value)).rejects.toThrow(`products.1042.${key}`)
  },
)

it('allows keys of the three kinds alone, each of which may be left empty', async () => {
  await expect(readText('product: {}')).rejects.toThrow(/key "product"/)
  const empty = await readText('defaults:\ncategories:\nproducts:\n')
  expect(termsOf(empty, series)).toMatchObject({ leadTime: 3 })
  expect(termsOf(empty, { ...series, category: undefined })).toMatchObject({ leadTime: 3 })
})

it('a product without a category has no terms of a category of that name', async () => {
  const ordering = await readText('categories: { undefined: { pack: 9 } }')
  expect(termsOf(ordering, { ...series, category: undefined })).toMatchObject({ pack: 1 })
})

it('reads the file that the template ships', async () => {
  const ordering = await readOrdering(REPOSITORY, SAMPLE_ORDERING)
  expect(termsOf(ordering, series)).toMatchObject({ leadTime: 1, reviewPeriod: 3, pack: 4 })
})

async function readText(text: string) {
  const folder = await temporaryFolder()
  await put(folder, { 'ordering.yml': text })
  return await readOrdering(folder)
}
