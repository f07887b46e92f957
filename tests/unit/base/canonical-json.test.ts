import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'

it('gives the same bytes whatever the order in which keys were set', () => {
  expect(canonicalJson({ b: 1, a: [1, 2] })).toBe(canonicalJson({ a: [1, 2], b: 1 }))
})

it('reads back as what was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
    }),
  )
})

it.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'refuses %s, which JSON would make null',
  (value) => {
    expect(() => canonicalJson({ loss: value })).toThrow(/no representation/)
  },
)
