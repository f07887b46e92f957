import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import { checker } from '../../../../src/base/schema.ts'
import { buildPanel } from '../../../../src/demand/panel.ts'
import { reportingFrequency } from '../../../../src/demand/reporting-frequency.ts'
import { Drift, driftOf } from '../../../../src/monitoring/drift/drift.ts'
import { driftSigns } from '../../../../src/monitoring/drift/drift-signs.ts'
import { type DailyTotals, seriesId } from '../../../../src/sales/totals/daily-totals.ts'
import { type Entry, someEntries, totalsOf } from '../../demand/totals.ts'

/** A Monday. */
const START = 19_996
const DAYS = 420
const RECENT = DAYS - 28
const products = Array.from({ length: 40 }, (_, i) => `p${String(i).padStart(2, '0')}`)

describe('drift is told against the same season of the year before', () => {
  it('and nothing is said of a year like the one before', () => {
    const drift = driftOfShop({})
    expect(drift).toMatchObject({
      outcome: 'compared',
      with: 'the same season a year before',
      now: { from: '2025-10-27', to: '2025-11-23' },
      before: { from: '2024-10-28', to: '2024-11-24' },
    })
    expect(driftSigns(drift)).toEqual([])
  })

  it('or the time before, where the history is shorter, and it says so', () => {
    const drift = driftOfShop({}, DAYS - 100)
    expect(drift).toMatchObject({ with: 'the time before', now: { from: '2025-10-27' } })
    expect(driftSigns(drift)).toEqual([])
  })

  it('or not at all, where there are not even eight weeks', () => {
    expect(driftOfShop({}, 50)).toEqual({
      outcome: 'cannot tell',
      reason: 'the history is too short',
    })
  })
})

describe('whoever asks why a model is worse is told', () => {
  it('that much more sells', () => {
    expect(signsOf({ sold: 2 })).toContainEqual({ sign: 'units', change: expect.closeTo(1, 0) })
  })

  it('that prices rose', () => {
    expect(signsOf({ price: 1.2 })).toContainEqual({
      sign: 'prices',
      change: expect.closeTo(0.2, 5),
      series: 40,
    })
  })

  it('that products are gone, and others have come that the model does not know', () => {
    const signs = signsOf({ rename: (product) => (product < 'p10' ? `new ${product}` : product) })
    const share = expect.closeTo(0.25, 1)
    expect(signs).toContainEqual({ sign: 'new series', series: 10, share })
    expect(signs).toContainEqual({ sign: 'gone series', series: 10, share })
    expect(signs).toContainEqual({ sign: 'series unknown to the model', series: 10, share })
    expect(signs).toContainEqual({ sign: 'series without sales', share: 0.2 })
  })

  it('that categories are missing, or others', () => {
    expect(signsOf({ category: () => undefined })).toContainEqual(
      expect.objectContaining({ sign: 'unknown', column: 'category', now: 1, before: 0 }),
    )
    expect(signsOf({ category: () => 'other' })).toContainEqual({
      sign: 'distribution',
      column: 'category',
    })
  })

  it('that nothing is sold any more on Mondays', () => {
    const signs = signsOf({ isClosed: (day) => day % 7 === START % 7 })
    expect(signs).toContainEqual({ sign: 'distribution', column: 'weekday' })
  })

  it('that a store is closed', () => {
    const totals = shop({ isClosed: (_, product) => product < 'p05' })
    const stores = totals.series.map(({ productId }) => ({
      productId,
      storeId: productId < 'p05' ? 'north' : 'south',
    }))
    const drift = driftOf(seen({ ...totals, series: stores }))
    expect(driftSigns(drift)).toContainEqual({ sign: 'stores gone', stores: ['north'] })
  })
})

it('writes a record that the ledger takes, whatever sold', () => {
  const check = checker(Drift)
  fc.assert(
    fc.property(someEntries, (entries) => {
      const drift = driftOf(seen(totalsOf(entries)))
      expect(check(JSON.parse(JSON.stringify(drift)), 'health.json')).toEqual(drift)
    }),
    { numRuns: 100 },
  )
})

type Change = {
  sold?: number
  price?: number
  rename?: (product: string) => string
  category?: (product: string) => string | undefined
  isClosed?: (day: number, product: string) => boolean
}

function signsOf(change: Change) {
  return driftSigns(driftOfShop(change))
}

function driftOfShop(change: Change, days = DAYS): Drift {
  return driftOf(seen(shop(change, days)))
}

/** A shop that goes on as ever, but for what has changed in its last 28 days. */
function shop(change: Change, days = DAYS): DailyTotals {
  const random = seededRandom(7)
  const entries: Entry[] = []
  for (let day = DAYS - days; day < DAYS; day++) {
    for (const [i, product] of products.entries()) {
      const { sold, price, rename, category, isClosed }: Change = day < RECENT ? {} : change
      const draw = random()
      if (draw < 0.3 || isClosed?.(START + day, product)) continue
      const itsCategory = category ? category(product) : `category ${i % 4}`
      entries.push({
        product: rename ? rename(product) : product,
        day: START + day,
        sold: Math.ceil(8 * random() * (sold ?? 1)),
        price: (i + 1) * (price ?? 1),
        ...(itsCategory !== undefined && { category: itsCategory }),
      })
    }
  }
  return totalsOf(entries)
}

function seen(totals: DailyTotals) {
  const panel = buildPanel(totals, { frequency: reportingFrequency(totals) })
  const trainedOn = new Set(totals.series.map(seriesId).filter((id) => !id.startsWith('new ')))
  return { totals, panel, trainedOn }
}
