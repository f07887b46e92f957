import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visibleText } from '../../../src/base/wording.ts'
import { inlineText, table } from '../../../src/reporting/markdown.ts'

test('a product name with a pipe or a newline does not break the table it stands in', () => {
  const text = table(['product', 'units'], [['a|b\nc', '1,5']])
  expect(text).toBe('| product | units |\n| --- | ---: |\n| a&#124;b␊c | 1,5 |\n')
})

test('a product name cannot call people or issues into a pull request', () => {
  expect(inlineText('@octocat')).toBe('@&#8203;octocat')
  expect(inlineText('#123 and owner/repo#1')).toBe('#&#8203;123 and owner/repo#&#8203;1')
  expect(inlineText('#123; GH-7')).toBe('#&#8203;123; GH-&#8203;7')
})

test('a product name cannot place links, images or HTML in a report', () => {
  expect(inlineText('https://evil.example www.evil.example')).toBe(
    'https:&#8203;//evil.example www&#8203;.evil.example',
  )
  expect(inlineText('![x](y)')).toBe('!\\[x\\](y)')
  expect(inlineText('<img src=x>')).toBe('&#60;img src=x&#62;')
  expect(inlineText('`a` \\| &amp;')).toBe('&#96;a&#96; &#92;&#124; &#38;amp;')
})

test('emphasis shows as typed, and column names stay readable', () => {
  expect(inlineText('*a* _b_ __c__ data_compra')).toBe('\\*a\\* \\_b\\_ \\_\\_c\\_\\_ data_compra')
})

test('text that turns its direction around is seen as such by the reviewer', () => {
  expect(visibleText('a\u202Eb\0\u200B')).toBe('a‹U+202E›b␀‹U+200B›')
})

test('every row of a table has as many cells as its header, whatever the cells hold', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string())), (rows) => {
      const lines = table(['a', 'b'], rows).trimEnd().split('\n')
      expect(lines).toHaveLength(rows.length + 2)
      for (const line of lines) expect(line.split('|')).toHaveLength(4)
    }),
    { numRuns: 50 },
  )
})
