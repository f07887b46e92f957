import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { exportPanel } from '../../benchmarks/accuracy-export.ts'
import { isoFromDay } from '../../src/base/day.ts'
import { firstDay, periodOf } from '../../src/demand/calendar.ts'
import { scoredRows } from '../../src/evaluation/backtest.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { seriesId } from '../../src/sales/totals/daily-totals.ts'
import { temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import { OPENING, recipeOf, shopSales } from '../unit/evaluation/shop.ts'

it('has the peers scored on the rows that the product is scored on, also where stock ran out', async () => {
  const entries = shopSales(30).map((entry) => {
    // Product a runs out for two days of a week in which it is scored, b for six.
    const day = Number(entry.day) - OPENING - 7 * 28
    const days = { a: 2, b: 6 }[entry.product] ?? 0
    return day >= 0 && day < days ? { ...entry, sold: 0, stock: 0 } : { ...entry, stock: 50 }
  })
  const totals = totalsOf(entries, { stock: true })
  const recipe = recipeOf()
  const folder = await temporaryFolder()
  await exportPanel(folder, { name: 'shop', totals, recipe, origins: 2 })
  const rows: Record<string, string>[] = parse(await readFile(join(folder, 'shop.csv'), 'utf8'), {
    columns: true,
  })

  const scored = scoredRows(openHistory(totals), recipe, { origins: 2, step: recipe.horizon })
  expect(scored).toHaveLength(2)
  const exported = scored.flatMap(({ day, series, horizon }) =>
    series.flatMap((one) =>
      Array.from({ length: horizon }, (_, h) => {
        const ds = isoFromDay(firstDay('week', periodOf('week', day) + 1 + h))
        const row = rows.find((it) => it.unique_id === seriesId(one) && it.ds === ds)!
        return row.scored === '1' ? Number(row.y) : Number.NaN
      }),
    ),
  )
  expect(exported).toEqual(scored.flatMap(({ actual }) => [...actual]))
  expect(exported.filter(Number.isNaN)).toHaveLength(1)
  expect(exported.some((y) => y % 1 !== 0 && !Number.isNaN(y))).toBe(true)
})
