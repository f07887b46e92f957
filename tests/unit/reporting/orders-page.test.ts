import { describe, expect, it, test } from 'vitest'
import { ordersPage, stalePage } from '../../../src/reporting/orders-page.ts'
import { bigList, naughty } from './examples.ts'
import { expectHarmless, shapeOf } from './harmless.ts'
import { expectApproved, languages } from './languages.ts'
import { order, ordersOfDay } from './order-examples.ts'

it('buyers read the same page as was last approved', async () => {
  await expectApproved('orders-page', (language) => ordersPage(ordersOfDay(), language))
})

it('buyers are warned of sales that are older than the rhythm of the chain, and told on what terms', async () => {
  const age = { through: '2026-11-01', days: 12, rhythm: 7 }
  const usualTerms = { leadTime: 3, reviewPeriod: 7 }
  const old = ordersOfDay({ madeOn: '2026-11-13', age, usualTerms, orders: [] })
  const made = { at: '2026-11-13T06:00:00.000Z' }
  const kept = { at: '2026-11-15T06:00:00.000Z', problem: 'The *data* is invalid.' }
  await expectApproved('orders-page-old', (language) =>
    stalePage(ordersPage(old, language), made, kept, language),
  )
})

describe.each(languages)('the order of the day in %s', (language) => {
  it('does not cry wolf over sales as old as they always are', () => {
    const weekly = ordersOfDay({ age: { through: '2026-11-01', days: 7, rhythm: 7 } })
    expect(ordersPage(weekly, language)).not.toContain('⚠️')
  })

  test.each(naughty)('what sales files call things stays text: $what', ({ text }) => {
    const page = ordersPage(hostile(text), language)
    expectHarmless(page)
    expect(frameOf(page)).toEqual(frameOf(ordersPage(hostile('plain'), language)))
  })

  test('so does everything in the big list of naughty strings', () => {
    const frame = frameOf(ordersPage(hostile('plain'), language))
    for (const text of bigList) {
      const page = ordersPage(hostile(text), language)
      expectHarmless(page)
      expect(frameOf(page), text).toEqual(frame)
    }
  })

  it('of 10,000 products is as long as GitHub shows, and says where the rest is', () => {
    const page = ordersPage(ordersOfDay({ orders: chain(10_000, 20) }), language)
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(500_000)
    expect(Buffer.byteLength(page)).toBeGreaterThan(200_000)
    expect(page.match(/^\d+ (more products of|outros produtos) .* CSV\.$/gm)).toHaveLength(20)
    expect(page).toMatch(/^\| Total \| 10[,.]000 \|/m)
  })

  it('of as many categories as products still has its totals', () => {
    const page = ordersPage(ordersOfDay({ orders: chain(8_000, 8_000) }), language)
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(500_000)
    expect(page).toMatch(/^\| Total \| 8[,.]000 \|/m)
    expect(page).toMatch(/^[\d,.]+ (more categories are in the|outras categorias estão no) CSV\.$/m)
  })
})

it('shows the most valuable first, and adds up what each category and all of them come to', () => {
  const page = ordersPage(ordersOfDay(), 'en')
  expect(page.indexOf('(1038)')).toBeLessThan(page.indexOf('(1042)'))
  expect(page).toContain('| Biscoitos | 2 | 1,640 | 6,008.80 |')
  expect(page).toContain('| Total | 4 | 1,702 | 7,458.64 |')
})

/** A category is a heading: of those, how many there are. */
function frameOf(page: string) {
  const { headings, ...shape } = shapeOf(page)
  return { ...shape, headings: headings?.length }
}

function hostile(text: string) {
  const named = { productId: text, storeId: text, name: text, category: text }
  return ordersOfDay({
    model: text,
    orders: [order(named), order(named, { outcome: 'unprofitable', units: 0, decidedBy: 'loss' })],
  })
}

function chain(products: number, categories: number) {
  return Array.from({ length: products }, (_, i) =>
    order(
      { productId: `${100_000 + i}`, name: `Produto número ${i}`, category: `C${i % categories}` },
      { cost: 1 + (i % 97) },
    ),
  )
}
