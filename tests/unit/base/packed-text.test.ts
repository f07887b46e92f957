import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { packed, unpacked } from '../../../src/base/packed-text.ts'

test('what was packed is unpacked to the last byte that is allowed', () => {
  expect(unpacked(packed('pão'), 'x.gz', 4).toString()).toBe('pão')
})

test.each([
  ['a bomb', gzipSync(Buffer.alloc(10_000_000)), /at most 1000 bytes/],
  ['one byte too large', packed('x'.repeat(1001)), /at most 1000 bytes/],
  ['no gzip file', Buffer.from('x'), /gzip/],
  ['empty', Buffer.alloc(0), /gzip/],
  ['cut off', packed('x').subarray(0, 12), /gzip/],
])('a file that is %s costs its reader nothing but a sentence', (_, bytes, problem) => {
  const unpack = () => unpacked(bytes, 'x.gz', 1000)
  expect(unpack).toThrow(problem)
  expect(unpack).toThrow(UserError)
})
