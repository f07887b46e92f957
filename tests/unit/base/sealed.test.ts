import { expect, test } from 'vitest'
import { sealed, unsealed } from '../../../src/base/sealed.ts'

const value = { units: Float64Array.of(1, Number.NaN), names: new Map([['a', 1]]) }
const bytes = sealed('key', value)

test('what a later run finds under the key is what was kept there', () => {
  expect(unsealed('key', bytes)).toEqual(value)
})

const wrong: [what: string, key: string, bytes: Buffer][] = [
  ['of another key', 'other', bytes],
  ['cut off', 'key', bytes.subarray(0, bytes.length - 1)],
  ['cut off within the hash', 'key', bytes.subarray(0, 20)],
  ['empty', 'key', Buffer.alloc(0)],
  ['damaged in the hash', 'key', damagedAt(31)],
  ['damaged in the content', 'key', damagedAt(32)],
  ['damaged at the end', 'key', damagedAt(bytes.length - 1)],
]

test.each(wrong)('nobody believes bytes that are %s', (_, key, damaged) => {
  expect(unsealed(key, damaged)).toBeUndefined()
})

function damagedAt(at: number): Buffer {
  const damaged = Buffer.from(bytes)
  damaged[at] ^= 1
  return damaged
}
