import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { launchesOf } from '../../../src/forecasting/launch-curve.ts'
import { fitAndForecast, panelOf, quickSettings } from './panels.ts'

const unknown = Number.NaN
const WEEKS = 90

/** What a product sells in the weeks after its launch over what it settles to. */
type Curve = (age: number) => number
const novelty: Curve = (age) => 1 + 1.5 * Math.exp(-age / 4)
const slow: Curve = (age) => 1 - 0.7 * Math.exp(-age / 4)
const none: Curve = () => 1

/**
 * Products of one category whose demand has a season: ten from the start on, as many launched as
 * asked for, so many weeks apart, and last one that is known for `young` weeks. What is young may
 * have a common fate in some week.
 */
function chain(
  curve: Curve,
  { launched = 12, apart = 3, young = 2, noise = 0.1, units = 1, fate = none } = {},
) {
  const random = seededRandom(5)
  const row = (level: number, from: number) =>
    Array.from({ length: WEEKS }, (_, week) => {
      const season = 1 + 0.5 * Math.sin((2 * Math.PI * week) / 52)
      const settled = from === 0 ? 1 : curve(week - from)
      const drawn = Math.exp(noise * (2 * random() - 1))
      const shared = from === 0 ? 1 : fate(week)
      return week < from ? unknown : units * level * season * settled * shared * drawn
    })
  return [
    ...Array.from({ length: 10 }, (_, product) => row(10 + 5 * product, 0)),
    ...Array.from({ length: launched }, (_, product) =>
      row(10 + 4 * product, 14 + Math.floor(apart * product)),
    ),
    row(30, WEEKS - young),
  ]
}

const factorsOf = (panel: Panel, steps: number) =>
  Array.from({ length: steps }, (_, step) =>
    launchesOf(panel).factor(panel.series.length - 1, step),
  )

describe('the launch curve', () => {
  it.each([
    ['what is new sells more at first', novelty],
    ['what is new has to be found', slow],
  ])('is told by earlier launches, whatever the season was: %s', (_name, curve) => {
    const found = factorsOf(panelOf(chain(curve)), 8)
    found.forEach((factor, step) => {
      expect(factor / curve(2 + step)).toBeGreaterThan(0.85)
      expect(factor / curve(2 + step)).toBeLessThan(1.15)
    })
  })

  it('is none where launches tell different things, are few, or are no launches: nothing changes', () => {
    const panels = [
      panelOf(chain(none, { noise: 0.8 })),
      panelOf(chain(novelty, { launched: 5 })),
      panelOf(chain(none).map((row) => row.map((units) => (Number.isNaN(units) ? 0 : units)))),
      panelOf([[3], [unknown]]),
      panelOf([[unknown, unknown]]),
    ]
    for (const panel of panels) expect(launchesOf(panel).settled).toBe(panel)
  })

  it.each([
    ['were all made at one time', chain(novelty, { launched: 40, apart: 0.1 })],
    [
      'share what happened once',
      chain(none, { launched: 40, apart: 0.5, fate: (week) => (week < 24 ? 2 : 1) }),
    ],
  ])('is none where launches %s, however many they are', (_name, rows) => {
    const panel = panelOf(rows)
    expect(launchesOf(panel).settled).toBe(panel)
  })

  it('does not depend on the unit of measure', () => {
    const grams = factorsOf(panelOf(chain(novelty, { units: 1024 })), 8)
    factorsOf(panelOf(chain(novelty)), 8).forEach((factor, step) => {
      expect(grams[step]).toBeCloseTo(factor, 9)
    })
  })

  it('of an origin is told by what was known then: what came later is not seen', () => {
    const rows = chain(novelty)
    const known = panelOf(rows.map((row) => row.slice(0, 70)))
    const other = panelOf(rows.map((row) => [...row.slice(0, 70), ...row.slice(70).reverse()]))
    const cut = panelOf(
      other.series.map((_, index) => [...other.units.subarray(index * WEEKS, index * WEEKS + 70)]),
    )
    expect(factorsOf(cut, 8)).toEqual(factorsOf(known, 8))
  })

  it.each(Object.values(families))(
    'lets $name see a launch fade instead of going on as it began, and fade into nothing once settled',
    (family) => {
      const forecastAfter = (young: number) =>
        fitAndForecast(
          family,
          panelOf(chain(novelty, { young, noise: 0.02 })),
          4,
          quickSettings(family),
        ).at(-1)!
      const settled = 30 * (1 + 0.5 * Math.sin((2 * Math.PI * (WEEKS + 1.5)) / 52))
      const total = forecastAfter(2).reduce((sum, units) => sum + units, 0)
      const expected = [2, 3, 4, 5].reduce((sum, age) => sum + settled * novelty(age), 0)
      expect(total / expected).toBeGreaterThan(0.8)
      expect(total / expected).toBeLessThan(1.25)
    },
  )
})
