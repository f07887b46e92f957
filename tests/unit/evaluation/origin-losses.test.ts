import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { backtestRecipe, scoredRows } from '../../../src/evaluation/backtest.ts'
import type { Comparison } from '../../../src/evaluation/gate/comparison.ts'
import { backtest, evaluate } from '../../../src/evaluation/gate/evaluate.ts'
import { evaluationFrom } from '../../../src/evaluation/gate/evaluation.ts'
import { originLosses, spanSums } from '../../../src/evaluation/gate/origin-losses.ts'
import { metricsOfCells, scoreOrigins } from '../../../src/evaluation/scoring/origin-scores.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { readOrdering } from '../../../src/ordering/buying-terms.ts'
import { totalsOf } from '../demand/totals.ts'
import { barePolicy, contender, history as exampleRows, levels } from './examples.ts'
import { anotherFuture, OPENING, recipeOf, shopSales } from './shop.ts'

const sales = shopSales(40)
const totals = totalsOf(sales)
const history = openHistory(totals)
const recipe = recipeOf()
const ordering = await readOrdering(join(import.meta.dirname, '../../..'))
const { model: challenger } = await trainAsOf(history, recipe)
const contest = { totals, history, policy: barePolicy, ordering, challenger, sameModel: false }

const lossesOf = (comparison: Comparison) => originLosses(spanSums(comparison))

describe('who monitors a version is told what it lost at each origin of its backtest', () => {
  it('over the first week, the first two, … as over all that was scored', async () => {
    const comparison = await backtest(contest)
    const scored = lossesOf(comparison).filter(({ kind }) => kind === 'scored')
    expect(scored).toHaveLength(6)
    for (const [k, { day, periods, challenger, baseline }] of scored.entries()) {
      const lost = (side: 'challenger' | 'baseline', to: number) => {
        const { rows, levels } = comparison
        const forecasts = [comparison[side].forecasts[k]]
        const scores = scoreOrigins([rows[k]], forecasts, levels, { from: 1, to })
        return metricsOfCells(scores).weightedQuantileLoss!
      }
      expect(day).toBe(isoFromDay(comparison.rows[k].day))
      expect(periods).toEqual([1, 2, 3])
      periods.forEach((to, index) => {
        expect(challenger[index]).toBeCloseTo(lost('challenger', to), 9)
        expect(baseline[index]).toBeCloseTo(lost('baseline', to), 9)
      })
    }
  })

  it('by the metric that decides', () => {
    const rows = exampleRows()
    const [own, naive] = [contender(rows, 0.1, 1), contender(rows, 0.4, 3)]
    const comparison = {
      rows,
      challenger: own,
      baseline: naive,
      levels,
      frequency: 'week' as const,
    }
    const losses = (decidedBy: 'wape' | 'mase') =>
      lossesOf({
        ...comparison,
        horizon: 4,
        sameModel: false,
        policy: { ...barePolicy, decidedBy },
      })
    const [first] = losses('wape')
    const errors = rows[0].actual.map((sold, i) => Math.abs(own.forecasts[0].mean[i] - sold))
    const total = (all: Float64Array) => all.reduce((sum, it) => sum + it, 0)
    expect(first.challenger[3]).toBeCloseTo(total(errors) / total(rows[0].actual), 9)
    expect(losses('mase')[0].challenger[3]).not.toBeCloseTo(first.challenger[3], 3)
  })

  it('and at those before, on which its search was judged there, named as such', async () => {
    const { losses, origins } = await evaluate(contest)
    const searched = losses!.filter(({ kind }) => kind === 'searched')
    const { search } = await trainAsOf(history, recipe, dayFromIso(origins[0])!)
    expect(searched.map(({ day }) => day)).toEqual(search.origins)
    expect(losses!.map(({ day }) => day)).toEqual([...search.origins, ...origins])
    for (const { challenger, baseline } of searched) {
      expect(challenger).toHaveLength(3)
      for (const loss of [...challenger, ...baseline]) expect(loss).toBeGreaterThan(0)
    }
  })

  it('where nothing that came later could be known', async () => {
    const [row] = scoredRows(history, recipe, { origins: 4, step: 3 })
    const { earlier } = await backtestRecipe(history, recipe, [row])
    expect(earlier).toHaveLength(2)
    const other = openHistory(anotherFuture(row.day, sales))
    expect((await backtestRecipe(other, recipe, [row])).earlier).toEqual(earlier)
  })

  it('and not at one that would be alone, whose intervals are those of its own error', async () => {
    const one = { ...recipe, search: { origins: 1, step: 3 } }
    const rows = scoredRows(history, one, { origins: 4, step: 3 })
    expect((await backtestRecipe(history, one, rows)).earlier).toEqual([])
  })

  it('of a refresh at the origins since production was trained, over the weeks that are past', async () => {
    const champion = (await trainAsOf(history, recipe, OPENING + 7 * 34 - 1)).model
    const { losses, challenge } = await evaluate({ ...contest, champion })
    expect(challenge).toMatchObject({ kind: 'refresh' })
    const scored = losses!.filter(({ kind }) => kind === 'scored')
    expect(scored.map(({ periods }) => periods.length)).toEqual([3, 3, 3, 2, 1])
    expect(losses!.filter(({ kind }) => kind === 'searched')).toHaveLength(2)
  })

  it('leaving out weeks in which nothing was sold, of which there is no such loss', () => {
    const rows = exampleRows(2).map((origin) => ({
      ...origin,
      actual: origin.actual.map((sold, at) => (at % 4 === 0 ? 0 : sold)),
    }))
    const [own, naive] = [contender(rows, 0.1, 1), contender(rows, 0.4, 3)]
    const [{ periods, challenger, baseline }] = lossesOf({
      rows,
      challenger: own,
      baseline: naive,
      levels,
      frequency: 'week',
      horizon: 4,
      policy: barePolicy,
      sameModel: false,
    })
    expect(periods).toEqual([2, 3, 4])
    expect([challenger.length, baseline.length]).toEqual([3, 3])
  })

  it('in the bytes that the required check makes again, and reads back', async () => {
    const text = canonicalJson(await evaluate(contest))
    const again = await evaluate({ ...contest, history: openHistory(totals) })
    expect(canonicalJson(again)).toBe(text)
    expect(evaluationFrom(Buffer.from(text), 'evaluation.json').losses).toEqual(again.losses)
  })
})
