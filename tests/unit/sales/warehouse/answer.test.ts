import { expect, test } from 'vitest'
import { dayFromIso } from '../../../../src/base/day.ts'
import { answerInto } from '../../../../src/sales/warehouse/answer.ts'
import { DaySpool } from '../../../../src/sales/warehouse/day-spool.ts'
import type { Layout } from '../../../../src/sales/warehouse/layout.ts'

const FIELDS = ['product', 'sold_on']
const layout: Layout = {
  fields: FIELDS,
  header: FIELDS.join(','),
  missing: '',
  dayAt: 1,
  positions: new Map(),
  line: (cells) => cells.join(','),
  cells: (line) => line.split(','),
}
const day = dayFromIso('2026-11-02')!

test.each(['Cafe', 'Café', '茶', '🍵'])(
  'no file of %s grows beyond the bytes that the contract allows',
  (product) => {
    const bytes = Buffer.from(`${product},2026-11-02\n`).length
    const answered = (maxBytes: number) => {
      // Rows this few are held in memory: the folder is not touched.
      const answer = answerInto(
        new DaySpool('none'),
        layout,
        { from: day, until: day },
        maxBytes,
        () => {},
      )
      answer.columns(FIELDS)
      for (let row = 0; row < 3; row++) answer.row([product, '2026-11-02'])
    }
    expect(() => answered(3 * bytes)).not.toThrow()
    expect(() => answered(3 * bytes - 1)).toThrow(`is larger than ${3 * bytes - 1} bytes`)
  },
)
