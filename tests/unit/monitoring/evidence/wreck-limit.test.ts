import { expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../../src/base/random.ts'
import { wreckLimit } from '../../../../src/monitoring/evidence/wreck-limit.ts'

const known = { mean: -0.24, spread: 0.06 }
const clustered = [-0.3, -0.32, -0.29, -0.2, -0.18, -0.17, -0.22, -0.24]
const three = [-0.3, -0.26, -0.16]
const mixed = [-0.3, -0.2, -0.32, -0.18, -0.29, -0.17, -0.24, -0.22]

const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const squares = (random: Random, degrees: number) =>
  Array.from({ length: degrees }, () => normal(random) ** 2).reduce((sum, it) => sum + it, 0)

/** How often two neighbours are both beyond the limit, drawn one by one as the docstring says. */
function drawnShare(logRatios: number[], limit: number, draws = 150_000): number {
  const random = seededRandom(11)
  const n = logRatios.length
  const width = 1.06 / n ** 0.2
  const mean = known.mean
  const deviation = Math.sqrt(logRatios.reduce((sum, y) => sum + (y - mean) ** 2, 0) / n)
  const heavy = () => normal(random) / Math.sqrt(squares(random, 4) / 2)
  let found = 0
  for (let draw = 0; draw < draws; draw++) {
    const spread = known.spread * Math.sqrt(6 / squares(random, 6))
    const centre = mean + (spread * normal(random)) / Math.sqrt(n)
    const origin = Math.floor(n * random())
    const both = [origin, (origin + 1) % n].every((index) => {
      const smoothed = (logRatios[index] - mean) / deviation + width * heavy()
      return centre + (spread * smoothed) / Math.sqrt(1 + width ** 2) > limit
    })
    if (both) found++
  }
  return found / draws
}

it('the limit of a wreck is what two blocks in a row exceed as rarely as asked', () => {
  const rate = { blocksInYear: 13, years: 2 }
  for (const logRatios of [clustered, mixed, three]) {
    const limit = wreckLimit(logRatios, known, rate)
    expect(Math.abs(drawnShare(logRatios, limit) - 1 / 26)).toBeLessThan(0.003)
  }
})

it('where bad blocks of the backtest came together, two in a row are less of a wreck', () => {
  const year = { blocksInYear: 52, years: 100 }
  expect(wreckLimit(clustered, known, year)).toBeGreaterThan(wreckLimit(mixed, known, year) + 0.001)
})

it('a backtest without any spread leaves a limit all the same', () => {
  const limit = wreckLimit(
    [-0.2, -0.2, -0.2],
    { mean: -0.2, spread: 0.01 },
    { blocksInYear: 52, years: 100 },
  )
  expect(limit).toBeGreaterThan(-0.18)
  expect(limit).toBeLessThan(0)
})
