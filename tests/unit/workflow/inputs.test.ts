import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import {
  choice,
  count,
  day,
  line,
  optional,
  path,
  type Reader,
  readActionInputs,
  revision,
  said,
  token,
} from '../../../src/workflow/inputs.ts'

function read<T>(reader: Reader<T>, text: string): T {
  return readActionInputs({ input: reader }, () => text).input
}

describe('an input', () => {
  it('arrives as what it stands for', () => {
    const inputs = { data: path, 'as-of': day, to: count, state: optional(choice('ok', 'failing')) }
    const given = { data: 'data', 'as-of': '2026-10-31', to: '12', state: '' }
    expect(readActionInputs(inputs, (name) => given[name as keyof typeof given])).toEqual({
      data: 'data',
      'as-of': dayFromIso('2026-10-31'),
      to: 12,
      state: undefined,
    })
  })

  it.each<[string, Reader<unknown>, string, string]>([
    ['a day', day, '2026-02-31', 'an existing day such as 2026-10-31, but got "2026-02-31"'],
    ['a day', day, '', 'an existing day such as 2026-10-31, but got nothing'],
    ['a day', optional(day), 'today', 'an existing day such as 2026-10-31, but got "today"'],
    ['a count', count, '0', 'a whole number of at least 1, but got "0"'],
    ['a count', count, '1e3', 'a whole number of at least 1, but got "1e3"'],
    ['a word', choice('ok', 'failing'), 'OK', 'one of ok, failing, but got "OK"'],
    ['a path', path, 'a\nb', 'a path such as data, but got "a\\nb"'],
    ['a line', line, 'one\u2028two', 'one line of text, but got "one\u2028two"'],
    ['a revision', revision, '', 'a branch or a commit such as main, but got nothing'],
    ['a token', token, '', `a token such as \${{ github.token }}, but got nothing`],
  ])('that is not %s says what came and what was expected', (_, reader, text, said) => {
    expect(() => read(reader, text)).toThrow(`input input must be ${said}`)
  })

  it('that another step said arrives on one line, however many it had', () => {
    expect(read(said, ' one\r\n  two\u2028three\u0007 ')).toBe('one two three')
  })

  it('of any text is taken or refused with a message, and breaks nothing', () => {
    const readers = [path, day, count, line, revision, said, choice('a', 'b')]
    fc.assert(
      fc.property(fc.constantFrom(...readers), fc.string({ unit: 'binary' }), (reader, text) => {
        try {
          expect(read<unknown>(reader, text)).toBeDefined()
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
    )
  })
})
