import { dayFromIso, isoFromDay } from '../../../../src/base/day.ts'
import { type Random, seededRandom } from '../../../../src/base/random.ts'
import { usualMonitoring } from '../../../../src/evaluation/gate/policy.ts'
import type { Metrics } from '../../../../src/evaluation/scoring/metrics.ts'
import { addRuns, emptyLeaderboard } from '../../../../src/ledger/leaderboard.ts'
import type {
  DashboardData,
  VersionShown,
} from '../../../../src/monitoring/dashboard/dashboard-data.ts'
import type { SeriesCourse } from '../../../../src/monitoring/dashboard/product-courses.ts'
import { blockStandings } from '../../../../src/monitoring/evidence/degradation.ts'
import type { Accuracy } from '../../../../src/monitoring/health/accuracy.ts'
import type { Block } from '../../../../src/monitoring/health/block.ts'
import type { HealthRecord } from '../../../../src/monitoring/health/health-record.ts'
import { healthRecord, judged } from '../../monitoring/health/examples.ts'
import { manifest, run } from '../examples.ts'

/** Before anything was promoted, published or monitored. */
export const empty: DashboardData = {
  health: [],
  versions: [],
  leaderboard: emptyLeaderboard,
  products: [],
}

/**
 * A chain of some products: version 2 was degraded after demand changed, version 3 is as promised.
 *
 * @param named - what products, categories, models and branches are called
 */
export function dashboardData({
  products = 60,
  named = (name) => name,
}: {
  products?: number
  named?: (name: string, index: number) => string
} = {}): DashboardData {
  const random = seededRandom(7)
  const before = blocksFrom('2026-01-05', 26, 2, (week) => (week < 12 ? -0.2 : 0.35), random)
  const after = blocksFrom('2026-07-06', 17, 3, () => -0.22, random)
  const record = (blocks: Block[], production: HealthRecord['production']): HealthRecord => {
    const told = blocks.filter((block) => block.outcome === 'counted')
    return healthRecord({
      production,
      blocks,
      standing: {
        ...judged(told.at(-1)!.level, told.length),
        untold: blocks.length - told.length,
      } as HealthRecord['standing'],
      accuracy: accuracies(blocks, named),
    })
  }
  return {
    health: [
      record(before, {
        version: 2,
        model: named('moving-average (window 8)', 1),
        since: '2026-01-04T09:00:00.000Z',
        trainedThrough: '2026-01-03',
      }),
      {
        ...record(after, {
          version: 3,
          model: named('ridge (penalty 10)', 2),
          since: '2026-07-05T09:00:00.000Z',
          trainedThrough: '2026-07-04',
        }),
        ...surroundings(named),
      },
    ],
    versions: versions(named),
    leaderboard: addRuns(
      emptyLeaderboard,
      ['1', '2', '3'].map((digit, i) =>
        run({
          id: `20261102T09300000${digit}Z-0a1b2c3d`,
          model: named('ridge (penalty 10)', i),
          branch: named(`try-${digit}`, i),
        }),
      ),
    ),
    products: Array.from({ length: products }, (_, i) => course(i, random, named)),
  }
}

/** What else a record says, once it says all of it. */
function surroundings(named: (name: string, index: number) => string): Partial<HealthRecord> {
  const interval = (estimate: number) => ({
    estimate,
    low: estimate - 0.02,
    high: estimate + 0.02,
  })
  const steps = {
    outcome: 'told' as const,
    decisions: 140,
    naive: interval(0.4),
    model: interval(0.31),
    buyer: interval(0.3),
    modelAdds: interval(0.09),
    buyerAdds: interval(0.01),
  }
  return {
    valueAdded: {
      outcome: 'told',
      from: '2025-11-02',
      through: '2026-11-01',
      adoption: { followed: 1200, changed: 140, none: 12 },
      judged: 140,
      needed: 30,
      leftOut: [{ why: 'censored', decisions: 9 }],
      wape: steps,
      quantileLoss: steps,
      money: { outcome: 'cannot tell', decisions: 3, reason: 'too few decisions' },
      overrides: [
        {
          by: 'direction',
          name: 'raised',
          judged: 80,
          censored: 1,
          wape: { decisions: 80, adds: interval(-0.05) },
        },
        { by: 'reason', name: 'promotion', judged: 4, censored: 0 },
      ],
    },
    shadow: {
      outcome: 'judged',
      shadow: {
        model: 'e'.repeat(64),
        name: named('boosted-trees', 3),
        recipe: 'r'.repeat(40),
        run: '20261026T093000000Z-0a1b2c3d',
      },
      from: '2026-07-13',
      blocks: 14,
      untold: 2,
      e: 3.21,
      threshold: 20,
      difference: { estimate: -0.031, low: -0.09, high: 0.02 },
    },
    drift: {
      outcome: 'compared',
      with: 'the same season a year before',
      now: { from: '2026-10-05', to: '2026-11-01' },
      before: { from: '2025-10-06', to: '2025-11-02' },
      columns: [
        { column: 'price', values: { index: 0.31, chance: 0.02, limit: 0.12 } },
        { column: 'store' },
      ],
      assortment: {
        now: { series: 58, units: 12_000 },
        before: { series: 55, units: 9_000 },
        new: { series: 4, share: 0.08 },
        gone: { series: 1, share: 0.01 },
        unknownToModel: { series: 2, share: 0.05 },
        withoutSales: 0.02,
        storesGone: [named('Oeste', 5).slice(0, 300)],
      },
    },
    supply: {
      outcome: 'known',
      from: '2026-07-06',
      to: '2026-11-01',
      stockOuts: {
        outcome: 'known',
        time: 0.04,
        series: 11,
        of: 60,
        lost: { units: 320, share: 0.02 },
      },
      waste: {
        outcome: 'cannot tell',
        reason: 'the sales have no purchases with days of expiry',
      },
    },
    ages: {
      model: { trainedThrough: '2026-07-04', days: 121, maxAge: 365 },
      sales: { through: '2026-11-01', days: 1, rhythm: 1, due: false },
    },
    runs: {
      forecasts: {
        made: 110,
        kept: 2,
        rhythm: 1,
        absent: 3,
        last: { at: '2026-11-02T07:00:00.000Z', problem: named('The data is invalid.', 4) },
      },
    },
  }
}

function blocksFrom(
  monday: string,
  weeks: number,
  version: number,
  level: (week: number) => number,
  random: Random,
): Block[] {
  const first = dayFromIso(monday)!
  const logRatios = Array.from({ length: weeks }, (_, week) => level(week) + 0.2 * (random() - 0.5))
  const promise = judgedPromise()
  const told = logRatios.filter((_, week) => week % 9 !== 5)
  const after = blockStandings(told, promise, 52, usualMonitoring)
  return logRatios.map((logRatio, week): Block => {
    const from = isoFromDay(first + 7 * week)
    const span = {
      from,
      to: isoFromDay(first + 7 * week + 6),
      version,
      series: 60,
      knownDemand: 0.97,
    }
    if (week % 9 === 5) {
      return {
        ...span,
        forecasts: 'published',
        knownDemand: 0.41,
        outcome: 'cannot tell',
        reason: 'too little of the demand known',
      }
    }
    const place = logRatios.slice(0, week + 1).filter((_, i) => i % 9 !== 5).length - 1
    const { level, evidence } = after[place]
    const naive = 0.38 + 0.05 * random()
    return {
      ...span,
      forecasts: week % 7 === 3 ? 'reproduced' : 'published',
      outcome: 'counted',
      loss: { model: naive * Math.exp(logRatio), naive },
      logRatio,
      e: evidence.e,
      r: evidence.r,
      level,
    }
  })
}

function judgedPromise() {
  const standing = judged('as promised', 1)
  if (standing.outcome !== 'judged') throw new Error('is judged')
  return standing.promise
}

function accuracies(
  blocks: readonly Block[],
  named: (name: string, index: number) => string,
): Accuracy[] {
  const part = (by: Accuracy['by'], name: string, i: number): Accuracy => ({
    by,
    name,
    rows: 60 * (i + 1),
    model: metrics(0.3 + 0.01 * i),
    naive: metrics(0.4 + 0.012 * i),
    ...(by !== 'block' && by !== 'store' && { promised: metrics(0.29 + 0.011 * i) }),
  })
  return [
    part('all', '', 0),
    ...blocks
      .filter(({ outcome }) => outcome === 'counted')
      .map(({ from }, i) => part('block', from, i)),
    ...['1', '2', '3', '4'].map((name, i) => part('horizon', name, i)),
    ...['Biscoitos', 'Iogurtes', 'Arroz e feijão'].map((name, i) =>
      part('category', named(name, i).slice(0, 300), i),
    ),
    ...['low', 'medium', 'high'].map((name, i) => part('volume class', name, i)),
    ...['Norte', 'Sul'].map((name, i) => part('store', named(name, i).slice(0, 300), i)),
  ]
}

function metrics(wape: number): Metrics {
  return {
    weightedQuantileLoss: wape * 0.7,
    wape,
    mase: 0.9,
    rmsse: 0.95,
    bias: wape / 20,
    coverage80: 0.78,
    coverage95: 0.93,
  }
}

function versions(named: (name: string, index: number) => string): VersionShown[] {
  const lineage = manifest().lineage
  return [
    {
      commit: 'c'.repeat(40),
      since: '2026-07-05T09:00:00.000Z',
      found: 'version',
      model: named('ridge (penalty 10)', 2),
      manifest: manifest({
        version: 3,
        parent: { version: 2, model: '9'.repeat(64) },
        trainedThrough: '2026-07-04',
        lineage: { ...lineage, data: { path: 'data', object: '8'.repeat(40) } },
      }),
      gain: {
        metric: 'wape',
        difference: { estimate: -0.08, low: -0.12, high: -0.04 },
        against: 'champion',
      },
    },
    {
      commit: 'b'.repeat(40),
      since: '2026-01-04T09:00:00.000Z',
      until: '2026-07-05T09:00:00.000Z',
      found: 'version',
      model: named('moving-average (window 8)', 1),
      manifest: manifest({
        version: 2,
        parent: { version: 1, model: '9'.repeat(64) },
        trainedThrough: '2026-01-03',
        restores: { version: 1, reason: 'The files of December were wrong' },
      }),
    },
    {
      commit: 'a'.repeat(40),
      since: '2025-12-04T09:00:00.000Z',
      until: '2026-01-04T09:00:00.000Z',
      found: 'unreadable',
      problem: 'manifest.json: is missing',
    },
  ]
}

function course(
  i: number,
  random: Random,
  named: (name: string, index: number) => string,
): SeriesCourse {
  const level = 5 + 400 * random() ** 3
  const first = dayFromIso('2025-11-10')!
  const expected = (week: number) => {
    const mean = level * (1 + 0.2 * Math.sin(week / 8))
    return { mean, low: 0.7 * mean, high: 1.35 * mean }
  }
  return {
    product: String(1000 + i),
    ...(i % 3 === 0 && { store: named('Norte', i) }),
    name: named(`Produto ${i}`, i),
    category: named(['Biscoitos', 'Iogurtes', 'Arroz e feijão'][i % 3], i % 3),
    past: Array.from({ length: 51 }, (_, week) => ({
      from: isoFromDay(first + 7 * week),
      ...(week % 17 !== 4 && {
        actual: Math.round(expected(week).mean * (0.6 + 0.8 * random())),
      }),
      ...(week > 33 && { forecast: { ...expected(week), naive: level } }),
    })),
    ahead: Array.from({ length: 4 }, (_, h) => ({
      from: isoFromDay(first + 7 * (51 + h)),
      ...expected(51 + h),
    })),
  }
}
