import { describe, expect, test } from 'vitest'
import { findingAnnotations, MOST_OF_A_LEVEL } from '../../../src/reporting/annotations.ts'
import { examples, finding, validation } from './examples.ts'

describe('annotations on the sales files', () => {
  test('each stands on its file and line as the repository names them, with what to do', () => {
    const [error, warning] = findingAnnotations(validation().findings, 'data')
    expect(error).toEqual({
      level: 'error',
      title: 'header-missing: cost',
      message:
        'Found: id;name. A column of the contract is not in the file. Extract it too, or change the contract.',
      file: 'data/sales/2026-11.csv',
      line: 1,
    })
    expect(warning).toMatchObject({ level: 'warning', file: 'data/sales/2026-10.csv', line: 2 })
  })

  test('a finding about all files stands on none', () => {
    const { file: _, ...odd } = finding('volume-change', 'warning', 1, [{ value: '12 rows' }])
    const [notice] = findingAnnotations([odd], 'data')
    expect(notice).toMatchObject({ level: 'notice', title: 'volume-change' })
    expect(notice).not.toHaveProperty('file')
    expect(notice).not.toHaveProperty('line')
  })

  test('GitHub shows ten of a level: the tenth says how many more there are, and where', () => {
    const many = [
      finding('date-unreadable', 'row', 900, examples(20, 'x'), { column: 'sold' }),
      finding('header-missing', 'file', 1, examples(1, 'x')),
    ]
    const shown = findingAnnotations(many, 'data')
    const warnings = shown.filter(({ level }) => level === 'warning')
    expect(warnings).toHaveLength(MOST_OF_A_LEVEL)
    expect(warnings.at(-1)?.message).toMatch(/ 890 more like these: see the summary of this run\.$/)
    expect(warnings[0].message).not.toContain('more like these')
    expect(shown[0].message).not.toContain('more like these')
  })

  test('one kind of finding does not hide another of the same level', () => {
    const many = [
      finding('date-unreadable', 'row', 20, examples(20, 'x')),
      finding('number-unreadable', 'row', 1, examples(1, 'y')),
    ]
    const titles = findingAnnotations(many, 'data').map(({ title }) => title)
    expect(titles).toContain('number-unreadable')
    expect(titles.slice(0, 3)).toEqual(['date-unreadable', 'number-unreadable', 'date-unreadable'])
  })

  test('a finding without an example is still told', () => {
    const [one] = findingAnnotations([finding('file-empty', 'file', 1, [])], './data/')
    expect(one).toMatchObject({ level: 'error', file: 'data/sales/2026-11.csv' })
    expect(one.message).toMatch(/^A column/)
  })

  test('an empty cell is shown as such', () => {
    const empty = finding('required-missing', 'row', 1, [{ line: 3, value: '' }], {
      column: 'price',
    })
    expect(findingAnnotations([empty], 'data')[0].message).toMatch(/^Found: \(empty\)\. /)
  })
})
