import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstIndex } from '../../../src/base/first-index.ts'

describe('the first index that is reached', () => {
  it('is the one that looking at all of them would find, in any part of an ascending list', () => {
    const list = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 })
    fc.assert(
      fc.property(list, fc.nat({ max: 10 }), fc.nat(), fc.nat(), (values, wanted, one, other) => {
        const ascending = values.toSorted((a, b) => a - b)
        const ends = [one, other].map((end) => end % (ascending.length + 1))
        const [from, to] = [Math.min(...ends), Math.max(...ends)]
        let expected = from
        while (expected < to && ascending[expected] < wanted) expected++
        expect(firstIndex(from, to, (index) => ascending[index] >= wanted)).toBe(expected)
      }),
    )
  })
})
