import { SPEAKS_FOR_SHADOW, shadowEvidence } from '../../src/monitoring/evidence/shadow-evidence.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { logRatios } from './chains.ts'
import { delay, median, type Promised, percent, shareOf } from './figures.ts'

/** A shadow beside production for a year of weekly blocks. */
export function shadow(): Promised[] {
  const figures = [0.02, SPREAD, 0.12].flatMap((spread) =>
    [-0.02, 0, 0.05, 0.1].map((better) => ({ spread, better, ...inYears(spread, better) })),
  )
  console.log(
    alignedColumns({
      headers: ['Spread', 'Loses less by', 'Called better', 'Median block', 'Interval holds'],
      rows: figures.map(({ spread, better, called, block, holds }) => [
        `${spread}`,
        percent(better),
        percent(called),
        delay(block),
        percent(holds),
      ]),
    }),
  )
  const usual = figures.find(({ spread, better }) => spread === SPREAD && better === 0.1)!
  return [
    {
      what: 'an equal shadow is called better in 5% of the years',
      holds: figures.every(({ better, called }) => better > 0 || called <= 0.05),
    },
    { what: 'one that loses 10% less is found in 10 blocks', holds: usual.block <= 10 },
    {
      what: 'the interval holds over the whole year in 95% of them',
      holds: figures.every(({ holds }) => holds >= 0.95),
    },
  ]
}

const RUNS = 2000
/** Of the log-ratio of two models of one chain: less than of one and seasonal naive. */
const SPREAD = 0.05

function inYears(spread: number, better: number) {
  const gain = -Math.log(1 - better)
  const years = Array.from({ length: RUNS }, (_, run) => {
    const next = logRatios(run, spread, 0)
    const year = Array.from({ length: 52 }, () => gain + next())
    const after = year.map((_, block) => shadowEvidence(year.slice(0, block + 1))!)
    const found = after.findIndex(({ e }) => e >= SPEAKS_FOR_SHADOW)
    return {
      block: found < 0 ? Number.POSITIVE_INFINITY : found + 1,
      holds: after.every((it) => it.gain.low <= gain && gain <= it.gain.high),
    }
  })
  return {
    called: shareOf(years, ({ block }) => Number.isFinite(block)),
    block: median(years.map(({ block }) => block)),
    holds: shareOf(years, ({ holds }) => holds),
  }
}
