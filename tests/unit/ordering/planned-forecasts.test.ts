import { describe, expect, it } from 'vitest'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { openForecaster } from '../../../src/ordering/forecaster-of-model.ts'
import { orderReason } from '../../../src/reporting/order-reason.ts'
import type { Plan, PlannedDays } from '../../../src/sales/plan/plan.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'
import { OPENING, recipeOf } from '../evaluation/shop.ts'

const WEEKS = 30
const NEXT = OPENING + 7 * WEEKS
const promotions = weeksOf(7)
const past = promotions.map(({ product, week }) => cut(product, week))
const totals = totalsOf(sales(), { price: true, cost: true, stock: true })
const recipe = recipeOf({ families: { 'moving-average': {} } })
const plan: Plan = { rows: past, prices: 'planned' }
const { model } = await trainAsOf(openHistory(totals, { plan }), recipe)
const days = { productId: 'a', from: NEXT, to: NEXT + 6 }
const twoWeeks = { ...days, to: days.from + 13 }

describe('a forecaster with a plan', () => {
  it('forecasts what is planned, and says what that adds', () => {
    const [{ mean, withoutPlan }] = withRows(cut('a', WEEKS)).span(days).forecasts
    const [usual] = withRows().span(days).forecasts
    expect(mean).toBeGreaterThan(1.5 * usual.mean)
    expect(withoutPlan?.mean).toBeCloseTo(usual.mean, 8)
    expect(usual.withoutPlan).toBeUndefined()
  })

  it('says of other products that nothing is planned of them', () => {
    const [b] = withRows(cut('a', WEEKS)).span({ ...days, productId: 'b' }).forecasts
    expect(b.withoutPlan).toBeUndefined()
  })

  it('orders for the promotion that is planned, and says what it would order without', () => {
    const order = withRows(cut('a', WEEKS)).order(terms, { productId: 'a' })[0]
    const usual = withRows().order(terms, { productId: 'a' })[0]
    if (order.outcome !== 'order' || usual.outcome !== 'order') throw new Error('is to order')
    expect(order.units).toBeGreaterThan(usual.units)
    expect(order.withoutPlan?.units).toBe(usual.units)
    expect(orderReason(order, 'en')).toMatch(/If nothing were planned: forecast \d+, order \d+\.$/)
    expect(orderReason(order, 'pt-BR')).toMatch(/Se nada estivesse planejado: previsão de/)
  })

  it('answers what if as the plan itself would be answered, and changes nothing of it', () => {
    const forecaster = withRows()
    const asked = { ...days, inputs: { price: 7, promotion: 'leaflet' } }
    const [what] = forecaster.span(asked).forecasts
    const [planned] = withRows(cut('a', WEEKS)).span(days).forecasts
    expect(what.mean).toBeCloseTo(planned.mean, 8)
    expect(what.withoutPlan).toEqual(planned.withoutPlan)
    expect(forecaster.span(days)).toEqual(withRows().span(days))
    const [order] = forecaster.order(terms, asked)
    expect(order).toEqual(withRows(cut('a', WEEKS)).order(terms, { productId: 'a' })[0])
  })

  it('plans nothing for days that are over, whatever what if is asked of them', () => {
    const forecaster = withRows()
    const asked = { ...days, inputs: { discount: 0.3 } }
    const since = { ...asked, from: NEXT - 28 }
    expect(forecaster.span(since)).toEqual(forecaster.span(asked))
    expect(forecaster.order(terms, since)).toEqual(forecaster.order(terms, asked))
    const over = { ...since, to: NEXT - 1 }
    expect(() => forecaster.order(terms, over)).toThrow(/is over: sales are known up to/)
    const backward = { ...asked, from: asked.to, to: asked.from }
    expect(() => forecaster.order(terms, backward)).toThrow('the days must run forward')
  })

  it('lets what if replace all that is planned, also what nobody would know of yet', () => {
    const usual = withRows().span(twoWeeks).forecasts[0]
    const later = { ...cut('a', WEEKS + 1), knownOn: OPENING + 7 * (WEEKS + 1) }
    const what = { ...twoWeeks, inputs: { discount: 0 } }
    expect(withRows(later).span(what).forecasts[0].mean).toBeCloseTo(usual.mean, 8)
  })

  it('sells nothing where it is asked what if it were closed', () => {
    const [closed] = withRows().span({ ...days, inputs: { closed: true } }).forecasts
    expect(closed).toMatchObject({ mean: 0, p10: 0, p90: 0 })
  })

  it('sells nothing on the days of a week on which it is closed, and more on the others', () => {
    const closed = { from: NEXT, to: NEXT + 1, knownOn: NEXT - 9, productId: 'a', closed: true }
    const forecaster = withRows(closed)
    const on = (from: number, to: number) => {
      return forecaster.span({ productId: 'a', from, to }).forecasts[0]
    }
    expect(on(NEXT, NEXT + 1)).toMatchObject({ mean: 0, p10: 0, p90: 0 })
    expect(on(NEXT + 2, NEXT + 6).mean).toBeCloseTo(on(NEXT, NEXT + 6).mean, 8)
    const usual = withRows().span({ ...days, from: NEXT + 2 }).forecasts[0]
    expect(on(NEXT + 2, NEXT + 6).mean).toBeCloseTo(usual.mean, 8)
  })

  it('sells more on the days of a promotion than on the others of its week', () => {
    const weekend = { ...cut('a', WEEKS), from: NEXT + 5, to: NEXT + 6 }
    const forecaster = withRows(weekend)
    const on = (day: number) =>
      forecaster.span({ productId: 'a', from: day, to: day }).forecasts[0].mean
    const usual = withRows().span({ ...days, to: NEXT }).forecasts[0].mean
    expect(on(NEXT + 5) / on(NEXT)).toBeGreaterThan(1.7)
    expect(on(NEXT) / usual).toBeGreaterThan(0.8)
    expect(on(NEXT) / usual).toBeLessThan(1.2)
  })

  it('lets what if call off what is planned', () => {
    const [off] = withRows(cut('a', WEEKS)).span({ ...days, inputs: { discount: 0 } }).forecasts
    expect(off.mean).toBeCloseTo(withRows().span(days).forecasts[0].mean, 8)
  })

  it.each([
    [{ display: true }, /takes no display.*It takes price, discount, promotion, closed/s],
    [{ promotion: 'flyer' }, /kind of promotion.*"flyer".*It knows leaflet/s],
    [{ price: 7, discount: 0.2 }, /a price or a discount, but there are both/],
  ])(
    'refuses an input that the model does not take, and says which it takes: %j',
    (inputs, why) => {
      expect(() => withRows().span({ ...days, inputs })).toThrow(why)
    },
  )
})

describe('a model that was trained without a plan', () => {
  it('knows nothing of one, and refuses to be asked what if', async () => {
    const { model: unplanned } = await trainAsOf(openHistory(totals), recipe)
    const without = openForecaster({ model: unplanned, totals })
    const given = openForecaster({
      model: unplanned,
      totals,
      plan: { ...plan, rows: [...past, cut('a', WEEKS)] },
    })
    expect(given.all()).toEqual(without.all())
    expect(given.span(days)).toEqual(without.span(days))
    expect(() => without.span({ ...days, inputs: { discount: 0.2 } })).toThrow(
      /takes no discount.*trained without a plan/s,
    )
  })
})

describe('what a model can be asked', () => {
  it('is what was planned in the sales that it was trained on', () => {
    expect(Object.keys(model.inputs.properties).sort()).toEqual([
      'closed',
      'discount',
      'from',
      'month',
      'price',
      'product',
      'promotion',
      'to',
    ])
    expect(model.inputs.properties.promotion).toMatchObject({ enum: ['leaflet'] })
    expect(Object.keys(questionSchema([]).properties)).not.toContain('closed')
  })
})

const terms = {
  defaults: {
    ...{ leadTime: 1, reviewPeriod: 7, pack: 1 },
    ...{ urgentSurcharge: 0.1, shelfCost: 0.002, minimumService: 0 },
  },
  products: {},
  categories: {},
}

function withRows(...rows: PlannedDays[]) {
  return openForecaster({ model, totals, plan: { ...plan, rows: [...past, ...rows] } })
}

function weeksOf(every: number) {
  const products = ['a', 'b', 'c', 'd']
  return products.flatMap((product, k) =>
    Array.from({ length: WEEKS }, (_, week) => ({ product, week })).filter(
      ({ week }) => week % every === k && week > 1,
    ),
  )
}

function cut(productId: string, week: number): PlannedDays {
  const from = OPENING + 7 * week
  return { productId, from, to: from + 6, knownOn: from - 7, price: 7, promotion: 'leaflet' }
}

function sales(): Entry[] {
  return ['a', 'b', 'c', 'd'].flatMap((product) =>
    Array.from({ length: 7 * WEEKS }, (_, day) => {
      const week = Math.floor(day / 7)
      const isCut = promotions.some((it) => it.product === product && it.week === week)
      const units = isCut ? 8 : 4
      return {
        product,
        day: OPENING + day,
        sold: units,
        price: isCut ? 7 : 10,
        cost: 5,
        stock: 5,
      }
    }),
  )
}
