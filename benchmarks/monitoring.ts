import { seededRandom } from '../src/base/random.ts'
import { usualMonitoring } from '../src/evaluation/gate/policy.ts'
import { DEGRADED, isWreck, standings } from '../src/monitoring/evidence/degradation.ts'
import { expectationFrom } from '../src/monitoring/evidence/expectation.ts'
import { SPEAKS_FOR_SHADOW, shadowEvidence } from '../src/monitoring/evidence/shadow-evidence.ts'
import { wreckLimit } from '../src/monitoring/evidence/wreck-limit.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { share } from './gate/challengers.ts'

/**
 * How often a year in which a model keeps its promise ends in an alarm, and how many blocks it takes
 * to find that its loss is 25% or 50% higher from week 20 on; and the same of the shadow.
 */
export function run(): void {
  const worlds = [52, 13].flatMap((blocksInYear) =>
    [12, 6, 4].flatMap((origins) =>
      [0, 0.4].map((lasting) => ({ blocksInYear, origins, lasting })),
    ),
  )
  console.log(
    `${RUNS} runs a line (wreck: ${BACKTESTS} backtests, ${YEARS} years of each); log-ratios of blocks are t with 4 degrees, sd ${SPREAD}.`,
  )
  console.log(
    alignedColumns({
      headers: ['Blocks a year', 'Origins', 'Lasting', 'False R', 'False E', 'False wreck'],
      rows: worlds.map((world) => [...named(world), ...falseAlarms(world)]),
    }),
  )
  console.log('Blocks until it is found, median:')
  console.log(
    alignedColumns({
      headers: ['Blocks a year', 'Origins', 'Lasting', 'R +25%', 'R +50%', 'E +25%', 'E +50%'],
      rows: worlds.map((world) => [...named(world), ...delays(world)]),
    }),
  )
  console.log(
    `A shadow, ${RUNS} years of 52 blocks whose log-ratios have an sd of ${SHADOW_SPREAD}:`,
  )
  console.log(
    alignedColumns({
      headers: ['Loses less by', 'Called better', 'Median block', 'Interval holds'],
      rows: [0, 0.05, 0.1].map(shadow),
    }),
  )
}

type World = {
  blocksInYear: number
  origins: number
  /** Correlation of each log-ratio with the one before. */
  lasting: number
}

function named({ blocksInYear, origins, lasting }: World): string[] {
  return [`${blocksInYear}`, `${origins}`, `${lasting}`]
}

function falseAlarms(world: World): string[] {
  const { blocksInYear } = world
  const years = Array.from({ length: RUNS }, (_, run) => firstAlarms(world, run, blocksInYear, 0))
  const wrecks = Array.from({ length: BACKTESTS }, (_, run) => {
    const { next, backtest, expected } = promised(world, run)
    const limit = wreckLimit(backtest, expected, {
      blocksInYear,
      years: usualMonitoring.wreckYears,
    })
    return Array.from({ length: YEARS }, () => {
      const year = Array.from({ length: blocksInYear }, next)
      return year.some((_, block) => isWreck(year, block, limit))
    })
  }).flat()
  return [
    share(years, ({ watch }) => watch < blocksInYear),
    share(years, ({ degraded }) => degraded < blocksInYear),
    share(wrecks, (wreck) => wreck),
  ]
}

function delays(world: World): string[] {
  const blocksFor = (rule: 'watch' | 'degraded', factor: number) => {
    const length = BREAK + 3 * world.blocksInYear
    const runs = Array.from({ length: RUNS }, (_, run) =>
      firstAlarms(world, run, length, Math.log(factor)),
    )
    return `${median(runs.map((first) => first[rule] - BREAK + 1))}`
  }
  return (['watch', 'degraded'] as const).flatMap((rule) =>
    [1.25, 1.5].map((factor) => blocksFor(rule, factor)),
  )
}

/** The block, from 0, in which each rule first holds; `length` where it never does. */
function firstAlarms(world: World, run: number, length: number, worse: number) {
  const { next, expected } = promised(world, run)
  const seen = Array.from({ length }, (_, block) => next() + (block >= BREAK ? worse : 0))
  const all = standings(seen, { expected, wreck: Number.POSITIVE_INFINITY }, world.blocksInYear)
  const first = (holds: (index: number) => boolean) => {
    const block = seen.findIndex((_, index) => holds(index))
    return block < 0 ? length : block
  }
  return {
    watch: first((index) => all[index].evidence.r >= all[index].evidence.span),
    degraded: first((index) => all[index].evidence.e >= DEGRADED),
  }
}

/** A backtest of a model that will keep its promise, and what comes after it. */
function promised({ origins, lasting }: World, run: number) {
  const next = logRatios(run, SPREAD, lasting)
  const backtest = Array.from({ length: origins }, next)
  const expected = expectationFrom(backtest, usualMonitoring.allowance)
  if (!expected) throw new Error('two origins and more let expect something')
  return { next, backtest, expected }
}

function shadow(better: number): string[] {
  const gain = -Math.log(1 - better)
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const next = logRatios(run, SHADOW_SPREAD, 0)
    const year = Array.from({ length: 52 }, () => gain + next())
    const after = year.map((_, block) => shadowEvidence(year.slice(0, block + 1), SHADOW_SCALE))
    const found = after.findIndex((evidence) => evidence && evidence.e >= SPEAKS_FOR_SHADOW)
    return {
      block: found < 0 ? Number.POSITIVE_INFINITY : found + 1,
      holds: after.every((it) => it && it.gain.low <= gain && gain <= it.gain.high),
    }
  })
  return [
    `${100 * better}%`,
    share(runs, ({ block }) => Number.isFinite(block)),
    `${median(runs.map(({ block }) => block))}`,
    share(runs, ({ holds }) => holds),
  ]
}

/** Student's t with 4 degrees of freedom, each correlated with the one before. */
function logRatios(seed: number, spread: number, lasting: number): () => number {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const drawn = () => {
    const squares = normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2
    return normal() / Math.sqrt(squares / 2)
  }
  let last = drawn()
  return () => {
    last = lasting * last + Math.sqrt(1 - lasting ** 2) * drawn()
    return spread * last
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

const RUNS = 3000
const BACKTESTS = 60
const YEARS = 100
const SPREAD = 0.12
const SHADOW_SPREAD = 0.05
const SHADOW_SCALE = 0.15
/** The block from which on the loss is higher. */
const BREAK = 20
