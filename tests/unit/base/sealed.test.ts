import { expect, test } from 'vitest'
import { sealed, unsealed } from '../../../src/base/sealed.ts'

const value = { units: Float64Array.of(1, Number.NaN), names: new Map([['a', 1]]) }
const bytes = sealed('key', value)

test('what a later run finds under the key is what was kept there', () => {
  expect(unsealed('key', bytes)).toEqual(value)
})

test.each([
  ['of another key', 'other', bytes],
  ['cut off', 'key', bytes.subarray(0, bytes.length - 1)],
  ['cut off within the hash', 'key', bytes.subarray(0, 20)],
  ['empty', 'key', Buffer.alloc(0)],
  ...[0, 31, 32, bytes.length - 1].map((at) => {
    const damaged = Buffer.from(bytes)
    damaged[at] ^= 1
    return [`damaged at byte ${at}`, 'key', damaged] as const
  }),
])('nobody believes bytes that are %s', (_, key, damaged) => {
  expect(unsealed(key, damaged)).toBeUndefined()
})
