import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import type { ProductView } from '../../../../src/service/engine/engine.ts'
import { productChart, stockAhead } from '../../../../src/service/page/product-chart.ts'

const ahead = (means: number[]) =>
  means.map((mean, i) => ({
    from: `2026-11-${String(2 + 7 * i).padStart(2, '0')}`,
    mean,
    quantiles: LEVELS.map((level) => 2 * level * mean),
  }))

describe('the stock that is left', () => {
  it('is what is there less what is expected to sell, the oldest first', () => {
    const stock = [{ units: 5 }, { units: 20 }]
    expect(stockAhead({ stock, ahead: ahead([10, 10, 10]) })).toEqual([25, 15, 5, 0])
  })

  it('does not count what has expired by then', () => {
    const stock = [{ units: 30, lastDay: '2026-11-08' }, { units: 8 }]
    // Of the first, 20 are left after a week, and can no longer be sold.
    expect(stockAhead({ stock, ahead: ahead([10, 3, 3]) })).toEqual([38, 8, 5, 2])
  })

  it('is not drawn where nobody knows it', () => {
    expect(stockAhead({ ahead: ahead([10]) })).toEqual([])
  })
})

it('is drawn of any history and forecast, with nothing that is no number', () => {
  const units = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, max: 1e9, noNaN: true }),
    fc.integer({ min: -50, max: 5000 }),
  )
  const view = fc.record({
    product: fc.string(),
    frequency: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    history: fc.array(
      fc.record({ from: fc.constant('2026-01-05'), units, censored: fc.boolean() }),
      { maxLength: 150 },
    ),
    ahead: fc.array(units, { maxLength: 4 }).map((means) => ahead(means.map(Math.abs))),
  })
  fc.assert(
    fc.property(view, fc.option(units, { nil: undefined }), (of, stock) => {
      const shown: ProductView = {
        ...of,
        ...(stock !== undefined && { stock: [{ units: stock }] }),
      }
      const text = productChart(shown, of.product, 'pt-BR').toString()
      expect(text).not.toMatch(/NaN|Infinity|undefined/)
      const { document } = parseHTML(`<html><body>${text}</body></html>`)
      expect(document.querySelectorAll('script, [style]')).toHaveLength(0)
      expect(document.querySelector('svg')?.getAttribute('aria-label')).toContain('Gráfico de')
    }),
  )
})
