import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { best, rounds, survivors } from '../../../src/evaluation/search/halving.ts'
import { searchSeconds, withinBudget } from '../../../src/evaluation/search/search-budget.ts'
import { candidates } from '../../../src/forecasting/recipe.ts'
import { panelOf } from '../forecasting/panels.ts'
import { recipeOf } from './shop.ts'

describe('halving', () => {
  it('leaves the better half of a family, at least three, and a small family alone', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 20].map(survivors)).toEqual([1, 2, 3, 3, 3, 3, 4, 4, 10])
  })

  it('keeps the lowest losses in their order, the first among equals, and no loss last', () => {
    const judged = [undefined, 3, 2, 2, undefined, 1].map((loss, k) => ({ k, loss }))
    const kept = (count: number) => best(judged, count).map(({ k }) => k)
    expect(kept(2)).toEqual([2, 5])
    expect(kept(4)).toEqual([1, 2, 3, 5])
    expect(kept(5)).toEqual([0, 1, 2, 3, 5])
  })
})

describe('the rounds of a search', () => {
  const periods = (first: number, apart: number, count: number) =>
    Array.from({ length: count }, (_, k) => first + k * apart)

  it('use every origin once, in order, and begin with the fewest', () => {
    const whole = (min: number, max: number) => fc.integer({ min, max })
    fc.assert(
      fc.property(whole(-500, 3000), whole(1, 60), whole(0, 20), (first, apart, count) => {
        const found = rounds(periods(first, apart, count))
        expect(found.flat().sort((a, b) => a - b)).toEqual([...Array(count).keys()])
        for (const round of found) expect(round).toEqual(round.toSorted((a, b) => a - b))
        if (count >= 4) expect(found[0].length).toBeLessThanOrEqual(Math.ceil(count / 2))
        if (count >= 2) expect(found[0].length).toBeGreaterThanOrEqual(2)
      }),
    )
  })

  it('begin, in searches a step apart, with the same few origins', () => {
    const begun = [0, 1, 2, 3, 4, 5].flatMap((later) => {
      const own = periods(2800 + 10 * later, 10, 4)
      return rounds(own)[0].map((k) => own[k])
    })
    expect(begun).toHaveLength(6 * 2)
    expect(new Set(begun).size).toBe(5)
  })
})

describe('a budget', () => {
  const panel = panelOf(new Array(40).fill(new Array(100).fill(1)))
  const spend = (budget: number | undefined) => {
    const recipe = recipeOf({
      search: { origins: 2, step: 3, ...(budget !== undefined && { budget }) },
      families: {
        'seasonal-naive': {},
        'moving-average': { window: [1, 2, 3, 4, 5, 6] },
        ridge: { penalty: [1, 10] },
      },
    })
    const { kept, leftOut } = withinBudget(candidates(recipe), recipe, [[panel], [panel]])
    const seconds = searchSeconds(kept, recipe, [[panel], [panel]])
    const names = (them: typeof kept) => them.map(({ name }) => name)
    return { kept: names(kept), leftOut: names(leftOut), seconds }
  }

  it('is never overspent, and leaves out nothing that it has time for', () => {
    const whole = spend(undefined)
    expect(whole.leftOut).toEqual([])
    expect(spend((1.001 * whole.seconds) / 60)).toEqual(whole)
    const less = spend((0.999 * whole.seconds) / 60)
    expect(less.leftOut.length).toBeGreaterThan(0)
    expect(less.seconds).toBeLessThanOrEqual(0.999 * whole.seconds)
  })

  it('leaves out what is further down in a family before the first of another, and never all', () => {
    const oneRidge = spend(spend(undefined).seconds / 60 / 1.9)
    expect(oneRidge.kept).toEqual([
      'seasonal-naive',
      'moving-average (window 1)',
      'moving-average (window 2)',
      'ridge (penalty 1)',
    ])
    expect(spend(1e-12).kept).toEqual(['seasonal-naive'])
  })
})
