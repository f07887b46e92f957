import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withParameters } from '../../../../src/sales/warehouse/sql-parameters.ts'

function written(sql: string): string {
  return withParameters(sql, (name) => `<${name}>`, { key: 'query' })
}

test.each([
  ['select 1 where d between :from and :until', 'select 1 where d between <from> and <until>'],
  ['select (:from)::date, :until;\n -- done', 'select (<from>)::date, <until>\n -- done'],
  [
    "select ':from', 'it''s :until' , :from, :until",
    "select ':from', 'it''s :until' , <from>, <until>",
  ],
  [String.raw`select E'\':from', :from, :until`, String.raw`select E'\':from', <from>, <until>`],
  ['select ":from", x::from, :from, :until', 'select ":from", x::from, <from>, <until>'],
  [
    'select $$ :from; ) $$, $a$ $$ :until $a$, :from, :until',
    'select $$ :from; ) $$, $a$ $$ :until $a$, <from>, <until>',
  ],
  [
    '/* :from /* ; */ ) */ select :from, :until -- :x ;',
    '/* :from /* ; */ ) */ select <from>, <until> -- :x ;',
  ],
  ['select :from, :until; ;\n; -- done ;', 'select <from>, <until> \n -- done ;'],
  ['\uFEFFselect :from, :until\r\n', 'select <from>, <until>'],
  ['-- of the chain\rselect :from, :until', '-- of the chain\rselect <from>, <until>'],
  ['select é$$, :from, x$$, :until', 'select é$$, <from>, x$$, <until>'],
  ['select a[1:2], :from, :until', 'select a[1:2], <from>, <until>'],
])('%j is asked with its days bound, and texts and comments left alone', (sql, expected) => {
  expect(written(sql)).toBe(expected)
})

test.each([
  ['select 1', 'does not use :from'],
  ['select :from', 'does not use :until'],
  ["select :from, ':until'", 'does not use :until'],
  ['select :from, :until, :store', 'knows no parameter :store'],
  ['select :from, :until; drop table x', 'goes on after a ;'],
  ['select :from, :until; ; drop table x', 'goes on after a ;'],
  ['select :from, :until; -- \r drop table x', 'goes on after a ;'],
  ['select :from, :until); drop table x; --', 'closes a parenthesis'],
  ['select (:from, :until', 'not closed'],
  ["select :from, :until, 'x", "a ' is not closed"],
  ['select :from, :until /* x', 'a comment is not closed'],
  ['select :from, :until, $a$ x', 'begins with $a$'],
])('%j is refused: it is no single query for the days that are wanted', (sql, message) => {
  expect(() => written(sql)).toThrow(message)
})

test('whatever stands in a query, it cannot get out of the parentheses that it is put into', () => {
  const part = fc.constantFrom(
    "'",
    '"',
    '(',
    ')',
    ';',
    '--',
    '/*',
    '*/',
    '$$',
    '\n',
    'x',
    "''",
    ':from',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const sql = `select :from, :until ${parts.join('')}`
      let text: string
      try {
        text = written(sql)
      } catch {
        return
      }
      // What remains outside of texts and comments, told by the simplest means.
      const code = text
        .replaceAll(
          /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|--[^\n]*|\/\*(?:(?!\/\*|\*\/).)*\*\//gs,
          '',
        )
        .replaceAll(/\/\*.*\*\//gs, '')
      expect(code).not.toContain(';')
      expect(code.split('(').length).toBe(code.split(')').length)
    }),
  )
})
