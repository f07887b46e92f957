import { expect, it } from 'vitest'
import { agesOf } from '../../../../src/monitoring/context/ages.ts'
import { dayOf, totalsOf } from '../../demand/totals.ts'

const weekly = totalsOf(
  [0, 7, 14, 21].map((day) => ({ product: 'a', day: dayOf('2026-05-01') + day, sold: 1 })),
)
const asked = { trainedThrough: '2026-03-01', maxAge: 60, totals: weekly }

it('tells how old model and sales are, and that new sales are due by the rhythm of the chain', () => {
  const salesThrough = dayOf('2026-05-22')
  expect(agesOf({ ...asked, salesThrough, today: dayOf('2026-05-29') })).toEqual({
    model: { trainedThrough: '2026-03-01', days: 89, maxAge: 60 },
    sales: { through: '2026-05-22', days: 7, rhythm: 7, due: false },
  })
  const later = agesOf({ ...asked, salesThrough, today: dayOf('2026-05-30') })
  expect(later.sales).toMatchObject({ days: 8, due: true })
})
