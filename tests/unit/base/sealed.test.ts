import { describe, expect, it, test } from 'vitest'
import { sealed, sealedChunks, unsealed, unsealedChunks } from '../../../src/base/sealed.ts'

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

describe('arrays of a history that has not changed', () => {
  const same = new Float64Array(5).fill(Number.NaN)
  const history = {
    name: 'a name that is no multiple of eight long',
    sold: Float64Array.of(1, -0, Number.NaN),
    known: same,
    knownToo: same,
    returned: new Float64Array(1000),
    index: Int32Array.of(7, -7),
    offered: Uint8Array.of(1, 0, 1),
    of: new Map([['a', { none: new Int32Array(0) }]]),
  }
  const kept = () => Buffer.concat(sealedChunks('key', history))

  it('are read as they were written, whatever their length', () => {
    const read = unsealedChunks<typeof history>('key', kept())
    expect(read).toEqual(history)
    expect(read?.known).toBe(read?.knownToo)
    expect(unsealedChunks('key', kept())).not.toBe(read)
  })

  it('are not copied, neither to be written nor to be read: that would take as much memory again', () => {
    const buffers = sealedChunks('key', history).map(({ buffer }) => buffer)
    expect(buffers).toContain(history.sold.buffer)
    const bytes = kept()
    expect(unsealedChunks<typeof history>('key', bytes)?.sold.buffer).toBe(bytes.buffer)
  })

  it('take one number where they are one throughout', () => {
    expect(kept().length).toBeLessThan(600)
  })

  it('can be released or changed without a word to others where they are one number throughout', () => {
    const read = unsealedChunks<typeof history>('key', kept())!
    read.returned[1] = 4
    expect(read.returned.buffer.byteLength).toBe(8000)
  })

  it('are not believed where a byte of them is another', () => {
    const bytes = kept()
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = Buffer.from(bytes)
      damaged[at] ^= 1
      expect(unsealedChunks('key', damaged)).toBeUndefined()
    }
    expect(unsealedChunks('other', bytes)).toBeUndefined()
    expect(unsealedChunks('key', bytes.subarray(0, bytes.length - 8))).toBeUndefined()
  })
})

function damagedAt(at: number): Buffer {
  const damaged = Buffer.from(bytes)
  damaged[at] ^= 1
  return damaged
}
