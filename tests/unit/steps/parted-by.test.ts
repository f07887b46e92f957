import { describe, expect, test } from 'vitest'
import { requireParts } from '../../../src/steps/data/parted-by.ts'

const column = new Map<string, string>()

describe('parts of a chain are', () => {
  test.each([
    ['a thousand stores', 'store', 'store' as const, { parts: 1000, series: 1000 }],
    ['twenty stores of one product', 'store', 'store' as const, { parts: 20, series: 20 }],
    ['regions', 'region', column, { parts: 27, series: 54 }],
    ['the values of a column in a small chain', 'shelf', column, { parts: 20, series: 20 }],
  ])('%s', (_, partition, by, of) => {
    expect(() => requireParts(partition, by, of)).not.toThrow()
  })

  test.each([
    [
      'more stores than anybody trains models of',
      'store',
      'store' as const,
      { parts: 1001, series: 50_000 },
      /1001 models, one for each store, of 50000 series; at most 1000/,
    ],
    [
      'receipts',
      'receipt',
      column,
      { parts: 40_000, series: 60_000 },
      /40000 models, one for each value of "receipt"/,
    ],
    [
      'what nearly every series has for itself',
      'batch',
      column,
      { parts: 21, series: 41 },
      /21 models[\s\S]*little to learn from/,
    ],
  ])('not %s', (_, partition, by, of, said) => {
    expect(() => requireParts(partition, by, of)).toThrow(said)
  })
})
