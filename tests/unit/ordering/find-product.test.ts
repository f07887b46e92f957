import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findProduct, type Product } from '../../../src/ordering/find-product.ts'

const shop: Product[] = [
  { productId: '1042', name: 'Biscoito champanhe' },
  { productId: '1043', name: 'Biscoito Maria' },
  { productId: '1044', name: 'Pão francês' },
  { productId: '1045', name: 'Pão  de queijo' },
  { productId: '1046', name: 'pao frances' },
  { productId: '104', name: '1042' },
  { productId: 'ABC-7' },
  { productId: '2001', name: 'Leite' },
  { productId: '2002', name: 'Leite integral' },
  { productId: '2003', name: 'Café' },
  { productId: '2004', name: 'Café' },
]

describe('a buyer finds a product', () => {
  it.each([
    ['its id, though another is called so', '1042', '1042'],
    ['its name', 'Biscoito Maria', '1043'],
    ['its name, though another begins so', 'Leite', '2001'],
    ['its name with accents, though another is called so without', 'Pão francês', '1044'],
    ['its name without accents, though another is called so with them', 'pao frances', '1046'],
    ['its name in capitals', 'BISCOITO CHAMPANHE', '1042'],
    ['its name without accents, in capitals, with other spaces', ' PAO DE  QUEIJO ', '1045'],
    ['its name in other Unicode', 'Pa\u0303o france\u0302s'.toUpperCase(), undefined],
    ['its id in small letters', 'abc-7', 'ABC-7'],
    ['a part of its name', 'champanhe', '1042'],
    ['a part of its name, without accents', 'queijo', '1045'],
    ['the first letters of its name', 'leite i', '2002'],
  ])('by %s', (_, text, productId) => {
    const found = findProduct(shop, text)
    if (productId === undefined) expect(found.outcome).toBe('ambiguous')
    else expect(found).toMatchObject({ outcome: 'found', product: { productId } })
  })

  it.each([
    ['two have the name', 'Café', ['2003', '2004']],
    ['two have the part', 'biscoito', ['1042', '1043']],
    ['accents alone tell two apart, and others were written', 'PAO FRANCES', ['1044', '1046']],
  ])('only once asked which, where %s', (_, text, ids) => {
    const found = findProduct(shop, text)
    expect(found.outcome).toBe('ambiguous')
    if (found.outcome !== 'ambiguous') return
    expect(found.candidates.map(({ productId }) => productId)).toEqual(ids)
  })

  it.each(['', '   ', 'tea', '10', '\u0301'])('never by %j, which is no name', (text) => {
    expect(findProduct(shop, text)).toEqual({ outcome: 'unknown' })
  })
})

it('whatever products are called, an id finds its own, and a guess is never one of several', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'á', 'A', 'b', ' ', '1'), maxLength: 4 })
  const product = fc.record({ productId: word, name: word })
  const products = fc.uniqueArray(product, { selector: (it) => it.productId, minLength: 1 })
  fc.assert(
    fc.property(products, word, (products, text) => {
      for (const product of products) {
        expect(findProduct(products, product.productId)).toEqual({ outcome: 'found', product })
      }
      const found = findProduct(products, text)
      if (found.outcome !== 'found') return
      const others = products.filter((it) => it !== found.product)
      const rest = findProduct(others, text)
      // Whatever else fits does so less well: without it, another may be found, but no id or name as written.
      const { productId, name } = found.product
      if (rest.outcome !== 'unknown' && productId !== text && name !== text) {
        expect(others.some((it) => it.productId === text || it.name === text)).toBe(false)
      }
    }),
  )
})
