import { expect, it } from 'vitest'
import { float64s, release } from '../../../src/base/memory.ts'

it('gives back what an array has to itself, and leaves others what they still look at', () => {
  const own = Float64Array.of(1, 2)
  const shared = float64s(2).fill(3)
  const whole = Float64Array.of(4, 5, 6)
  release(own)
  release(shared)
  release(whole.subarray(0, 2))
  expect([own.length, ...shared, ...whole]).toEqual([0, 3, 3, 4, 5, 6])
})
