import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownPath, productPath } from '../../../../src/service/page/layout.ts'
import { bigList, naughty } from '../../reporting/examples.ts'

const hostile = fc.oneof(
  fc.constantFrom(...bigList, ...naughty.map(({ text }) => text), '.', '..', '', '/', '//', '%2e'),
  fc.string({ unit: 'binary' }),
)

describe("the address of a product's page", () => {
  it('leads to that product and store on this server, whatever they are called', () => {
    fc.assert(
      fc.property(hostile, fc.option(hostile, { nil: undefined }), (productId, storeId) => {
        const path = productPath({ productId, ...(storeId !== undefined && { storeId }) })
        const url = new URL(path, 'http://shop.example/')
        expect(url.origin).toBe('http://shop.example')
        const inPath = /^\/products\/([^/]+)$/.exec(url.pathname)
        const product = inPath ? decodeURIComponent(inPath[1]) : url.searchParams.get('id')
        expect(product).toBe(productId.toWellFormed())
        expect(url.searchParams.get('store')).toBe(storeId?.toWellFormed() ?? null)
      }),
    )
  })
})

describe('an address to lead back to', () => {
  it('is a page of ours, whatever was sent', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(new URL(ownPath(text), 'http://shop.example/x').origin).toBe('http://shop.example')
        expect(ownPath(text)).toMatch(/^\/[!-~]*$/)
      }),
    )
    for (const text of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/a\r\nb: c',
      7,
    ]) {
      expect(ownPath(text)).toBe('/')
    }
    expect(ownPath('/products?q=a&page=2')).toBe('/products?q=a&page=2')
  })
})
