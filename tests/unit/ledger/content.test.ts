import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentFile, contentText, isWhole } from '../../../src/ledger/content.ts'

describe('files that are named by their content', () => {
  test('whoever reads one gets what was written, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { path, bytes } = contentFile(text, 'csv')
        expect(contentText(path, bytes)).toBe(Buffer.from(text).toString())
      }),
    )
  })

  test('the same text has the same name and the same bytes, another one another name', () => {
    expect(contentFile('a\n', 'md')).toEqual(contentFile('a\n', 'md'))
    expect(contentFile('a\n', 'md').path).not.toBe(contentFile('b\n', 'md').path)
  })

  test('nothing of the machine or the moment is packed with it', () => {
    const [, , , , ...moment] = contentFile('a\n', 'md').bytes.subarray(0, 8)
    expect(moment).toEqual([0, 0, 0, 0])
    expect(contentFile('a\n', 'md').bytes[9]).toBe(255)
  })

  test('a file is believed however it was packed, and not where it says anything else', () => {
    const { path, bytes } = contentFile('units\n'.repeat(1000), 'csv')
    expect(isWhole(path, gzipSync('units\n'.repeat(1000), { level: 1 }))).toBe(true)
    expect(isWhole(path, gzipSync('units\n'))).toBe(false)
    expect(isWhole(path, bytes.subarray(0, -5))).toBe(false)
    expect(isWhole(path, Buffer.from('units\n'))).toBe(false)
    expect(isWhole(path.replace('content/', 'content/../'), bytes)).toBe(false)
  })
})
