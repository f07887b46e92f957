import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { forecast } from '../../../src/forecasting/model.ts'
import { baselineRecipe } from '../../../src/forecasting/recipe.ts'
import { contentText } from '../../../src/ledger/content.ts'
import { publishedForecasts } from '../../../src/ledger/published-forecasts.ts'
import { knownShare } from '../../../src/monitoring/health/block.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import type { OriginSums } from '../../../src/monitoring/origins/origin-sums.ts'
import { editedTree } from '../../../src/registry/edited-tree.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { buyersValue } from '../../../src/steps/monitoring/buyers-value.ts'
import { monitor, withHealth } from '../../../src/steps/monitoring/monitor.ts'
import type { ProductionSeen } from '../../../src/steps/monitoring/read-production.ts'
import { cd4ml, succeedJson } from '../../project.ts'
import { copyOf, put, temporaryFolder } from '../../repository.ts'
import { decisionOn } from '../../unit/monitoring/value-added/decided.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishEveryWeek,
  SALES,
} from './monitored-shop.ts'

const WEEKS = [0, 1, 2]

/** Three weeks after the promotion; forecasts were published at the start of each. */
let project: string
let ids: string[]
let found: { health: HealthRecord; seen: ProductionSeen }

beforeAll(async () => {
  project = await copyOf(await monitoredShop())
  ids = await publishEveryWeek(project, WEEKS.length)
  found = await monitored(WEEKS.length)
})

it('every block since the promotion that is over is seen with what was published at its start', () => {
  const { block, blocks } = found.seen
  const origins = blocks.flatMap((it) => (it.outcome === 'seen' ? [it.origin] : []))
  expect(block).toEqual({ frequency: 'week', periods: 1, inYear: 52 })
  expect(blocks.map(({ from }) => from)).toEqual(WEEKS.map((week) => mondayAfter(LEARNT + week)))
  expect(origins.map(({ forecasts }) => forecasts)).toMatchObject(
    ids.map((id) => ({ from: 'published', id })),
  )
  // As far ahead as periods are over.
  const ahead = ({ segments }: OriginSums) => segments.filter(({ by }) => by === 'horizon').length
  expect(origins.map(ahead)).toEqual([3, 2, 1])
  expect(origins.map(knownShare)).toEqual([1, 1, 1])
})

describe('every figure of a health record follows from the ledger and the sales', () => {
  it('what was lost in each block, by the forecasts that were published and what then sold', async () => {
    const lost = await Promise.all(
      WEEKS.map(async (week) => {
        const rows = await publishedRows(week)
        const naive = await naiveRows(week)
        return { model: weightedQuantileLoss(rows), naive: weightedQuantileLoss(naive) }
      }),
    )
    expect(counted(found.health).map(({ from }) => from)).toEqual(
      WEEKS.map((week) => isoFromDay(mondayAfter(LEARNT + week))),
    )
    counted(found.health).forEach(({ loss, logRatio }, week) => {
      expect(loss.model).toBeCloseTo(lost[week].model, 9)
      expect(loss.naive).toBeCloseTo(lost[week].naive, 9)
      expect(logRatio).toBeCloseTo(Math.log(lost[week].model / lost[week].naive), 8)
    })
  })

  it('every metric, of all, of each block, horizon, category and store', async () => {
    const rows = await everyPublishedRow()
    const isOf: Record<string, (row: PublishedRow, name: string) => boolean> = {
      all: () => true,
      block: ({ week, ahead }, name) =>
        ahead === 0 && name === isoFromDay(mondayAfter(LEARNT + week)),
      horizon: ({ ahead }, name) => name === String(ahead + 1),
      category: ({ product }, name) =>
        SALES.find((sale) => sale.product === product)?.category === name,
      store: ({ store }, name) => store === name,
    }
    const told = found.health.accuracy.filter(({ by }) => by in isOf)
    expect(told.map(({ by }) => by)).toEqual([
      ...['all', 'block', 'block', 'block', 'horizon', 'horizon', 'horizon'],
      ...['category', 'category', 'store', 'store'],
    ])
    for (const { by, name, rows: count, model } of told) {
      const own = rows.filter((row) => isOf[by](row, name))
      expect(count, `${by} ${name}`).toBe(own.length)
      for (const [metric, value] of Object.entries(metricsOf(own))) {
        expect(model[metric as keyof typeof model], `${metric} of ${by} ${name}`).toBeCloseTo(
          value,
          8,
        )
      }
    }
  })

  it('the evidence after each block, by what the backtest promised', () => {
    const { standing } = found.health
    if (standing.outcome !== 'judged') throw new Error(standing.reason)
    const { limit, scale } = standing.promise
    const stakes = [0.2, 0.4, 0.6, 0.8, 0.95].map((stake) => ({ stake, s: 0, r: 0 }))
    counted(found.health).forEach(({ logRatio, e, r }, t) => {
      const x = Math.max(-1, Math.min(1, (logRatio - limit) / scale))
      for (const bet of stakes) {
        bet.s = (bet.s + 1 / 52) * (1 + bet.stake * x)
        bet.r = (bet.r + 1) * (1 + bet.stake * x)
      }
      const mean = (of: 's' | 'r') => stakes.reduce((sum, bet) => sum + bet[of], 0) / stakes.length
      expect(e).toBeCloseTo(mean('s') + (52 - t - 1) / 52, 8)
      expect(r).toBeCloseTo(mean('r'), 8)
    })
    expect(standing).toMatchObject({ level: 'as promised', counted: 3, untold: 0 })
  })
})

it('what buyers add, where the orders that they decided on were published and say no forecast', async () => {
  const rows = (await Promise.all(WEEKS.map((week) => publishedRows(week)))).flat()
  const events = found.seen.publications.flatMap(({ record }, week) =>
    [...new Map(SALES.map((sale) => [sale.product + sale.store, sale])).values()].flatMap(
      (sale) => {
        const series = { productId: sale.product, storeId: sale.store }
        const day = mondayAfter(LEARNT + week)
        const [from, through] = [isoFromDay(day), isoFromDay(day + 6)]
        const advice = { units: 40, onHand: 0, from, through }
        return decisionOn(seriesId(series), { day, advice, decided: 45 }).map((event) =>
          event.type === 'cd4ml.order.v1' && record.basis
            ? { ...event, data: { ...event.data, basis: record.basis } }
            : event,
        )
      },
    ),
  )
  const value = await buyersValue({ ...found.seen, events })
  if (value.outcome !== 'told' || value.wape.outcome !== 'told') throw new Error('nothing is told')
  const wape = (more: number) =>
    rows.reduce((sum, { mean, actual }) => sum + Math.abs(mean + more - actual), 0) /
    rows.reduce((sum, { actual }) => sum + actual, 0)
  expect(value.wape).toMatchObject({
    decisions: 36,
    model: { estimate: expect.closeTo(wape(0), 9) },
    buyer: { estimate: expect.closeTo(wape(5), 9) },
  })
  expect(value.money).toMatchObject({ outcome: 'cannot tell', reason: 'no prices or costs' })
})

describe('people read with cd4ml monitor', () => {
  it('a verdict first, then what it rests on, in their language', async () => {
    const { code, stdout } = await cd4ml(project, ['monitor'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Nothing shows that version 1 forecasts worse than its backtest promised beside seasonal naive, after 3 blocks\.\n\nIn the newest block, 2025-03-10 to 2025-03-16, the weighted quantile loss was 0\.\d{4}, \d+\.\d% lower than that of seasonal naive \(0\.\d{4}\)\.\n/,
    )
    const portuguese = await copyOf(project)
    await put(portuguese, { 'project.yml': 'timeZone: UTC\nlanguage: pt-BR\n' })
    expect((await cd4ml(portuguese, ['monitor'])).stdout).toMatch(
      /^Nada mostra que a versão 1 preveja pior do que o seu backtest prometeu ao lado da linha de base sazonal ingênua, depois de 3 blocos\.\n/,
    )
  })

  it('what was known on an earlier day, and nothing later', async () => {
    const asOf = ['--as-of', isoFromDay(mondayAfter(LEARNT + 1)), '--json']
    const { blocks, at } = await succeedJson(project, ['monitor', ...asOf])
    expect(blocks.map(({ from, r }: { from: string; r: number }) => ({ from, r }))).toEqual(
      counted(found.health)
        .slice(0, 1)
        .map(({ from, r }) => ({ from, r })),
    )
    expect(at).toBe('2025-03-03T23:59:59.999Z')
  })

  it('of a day to come what is known today, and no older sales', async () => {
    const day = mondayAfter(LEARNT + WEEKS.length)
    const options = inputsIn(project, day, { data: 'data', asOf: day + 300 })
    const ahead = await monitor({ options, at: morningAfter(LEARNT + WEEKS.length) })
    if (ahead.outcome !== 'monitored') throw new Error(JSON.stringify(ahead))
    const { at, ages, blocks } = ahead.health
    expect({ at, ages, blocks }).toEqual({
      at: found.health.at,
      ages: found.health.ages,
      blocks: found.health.blocks,
    })
  })

  it('that it cannot be told yet, and why, before a block is over', async () => {
    const asOf = ['--as-of', isoFromDay(mondayAfter(LEARNT))]
    const { code, stdout } = await cd4ml(project, ['monitor', ...asOf])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Nobody can tell whether version 1 keeps a promise: no block is over yet\./,
    )
  })

  it('what to do where nothing is in production, or no ledger is known', async () => {
    const before = await cd4ml(project, ['monitor', '--as-of', '2025-01-01'])
    expect([before.code, before.stderr]).toEqual([2, expect.stringContaining('promote a first')])
    const without = await copyOf(project)
    await git(without, ['branch', '--quiet', '-D', 'ledger'])
    const { code, stderr } = await cd4ml(without, ['monitor'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('git fetch origin ledger')])
  })
})

it('a clone that is too shallow to know since when is refused, and not believed', async () => {
  const folder = await temporaryFolder()
  const shallow = ['clone', '--quiet', '--no-local', '--depth=1', '--no-single-branch']
  await git(folder, [...shallow, `file://${project}`, '.'])
  const { code, stderr } = await cd4ml(folder, ['monitor'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('fetch-depth: 0')])
})

describe('where the forecasts of a block were not published', () => {
  it('they are made again by the model in production, and the record says so', async () => {
    const without = await copyOf(project)
    await withoutPublication(without, ids[1])
    const { health } = await monitored(WEEKS.length, morningAfter(LEARNT + WEEKS.length), without)
    expect(health.blocks.map(({ forecasts }) => forecasts)).toEqual([
      'published',
      'reproduced',
      'published',
    ])
    const [then, now] = [found.health, health].map((it) => counted(it)[1].loss.model)
    // Published are five digits.
    expect(now).toBeCloseTo(then, 4)
  })
})

it('weekly totals say the same as the days that they are of, and are not due again before the next', async () => {
  const totalled = await copyOf(project)
  const totals = SALES.map((sale) => ({
    ...sale,
    day: sale.day - ((sale.day - mondayAfter(0)) % 7),
  }))
  await passWeeks(totalled, LEARNT + WEEKS.length, totals)
  const { health } = await monitored(WEEKS.length, undefined, totalled)
  const losses = (of: HealthRecord) => counted(of).map(({ loss }) => loss)
  expect(losses(health)).toEqual(losses(found.health))
  const sunday = isoFromDay(mondayAfter(LEARNT + WEEKS.length) - 1)
  expect(health.ages?.sales).toEqual({ through: sunday, days: 1, rhythm: 7, due: false })
})

it('the same sales and ledger give the same record, whenever somebody looks', async () => {
  const again = await monitored(WEEKS.length, '2025-03-18T20:00:00.000Z')
  expect({ ...again.health, at: found.health.at }).toEqual(found.health)
})

type Row = { actual: number; mean: number; quantiles: number[] }

/** What was published at the start of a week after the promotion, of the week so many ahead. */
async function publishedRows(week: number, ahead = 0) {
  const record = JSON.parse(
    (await gitBytes(project, ['show', `ledger:forecasts/${ids[week]}/record.json`])).toString(),
  )
  const path = record.files.json
  const text = contentText(path, await gitBytes(project, ['show', `ledger:${path}`]))
  return publishedForecasts(text, path).series.map(({ product, store, mean, quantiles }) => ({
    ...{ week, ahead, product, store },
    actual: soldIn(week + ahead, product, store),
    mean: mean[ahead],
    quantiles: quantiles[ahead],
  }))
}

type PublishedRow = Awaited<ReturnType<typeof publishedRows>>[number]

/** As far as the weeks are over. */
async function everyPublishedRow(): Promise<PublishedRow[]> {
  const asked = WEEKS.flatMap((week) =>
    WEEKS.slice(0, WEEKS.length - week).map((ahead) => [week, ahead]),
  )
  return (await Promise.all(asked.map(([week, ahead]) => publishedRows(week, ahead)))).flat()
}

/** By the formulas of docs/evaluation.md. */
function metricsOf(rows: PublishedRow[]): Record<string, number> {
  const sold = sum(rows.map(({ actual }) => actual))
  const inside = (low: number, high: number) => {
    const [from, to] = [low, high].map((level) => LEVELS.indexOf(level))
    const within = rows.filter(
      (row) => row.quantiles[from] <= row.actual && row.actual <= row.quantiles[to],
    )
    return within.length / rows.length
  }
  const cells = [...Map.groupBy(rows, (it) => `${it.week} ${it.product} ${it.store}`).values()]
  const scaled = (power: number) =>
    cells.map((cell) => {
      const [{ week, product, store }] = cell
      const own = sum(cell.map((row) => Math.abs(row.mean - row.actual) ** power)) / cell.length
      const seasonAgo = Array.from({ length: LEARNT + week - 52 }, (_, k) => week - 1 - k)
      const naive = seasonAgo.map(
        (then) =>
          Math.abs(soldIn(then, product, store) - soldIn(then - 52, product, store)) ** power,
      )
      return (own / (sum(naive) / naive.length)) ** (1 / power)
    })
  return {
    weightedQuantileLoss: weightedQuantileLoss(rows),
    wape: sum(rows.map((row) => Math.abs(row.mean - row.actual))) / sold,
    mase: sum(scaled(1)) / cells.length,
    rmsse: sum(scaled(2)) / cells.length,
    bias: sum(rows.map((row) => row.mean - row.actual)) / sold,
    coverage80: inside(0.1, 0.9),
    coverage95: inside(0.025, 0.975),
  }
}

/** What seasonal naive, calibrated on the sales until then, says of a week after the promotion. */
async function naiveRows(week: number): Promise<Row[]> {
  const { sales, version } = found.seen
  const [history] = await sales.each(({ totals }) =>
    openHistory(totalsAsOf(totals, mondayAfter(LEARNT + week) - 1)),
  )
  const recipe = baselineRecipe(version.model.recipe)
  const { model } = await trainAsOf(history, recipe)
  const { series, mean, quantiles, horizon } = forecast(model, history.panel(recipe))
  return series.map(({ productId, storeId }, i) => ({
    actual: soldIn(week, productId, storeId),
    mean: mean[i * horizon],
    quantiles: [...quantiles.subarray(i * horizon * LEVELS.length).slice(0, LEVELS.length)],
  }))
}

/** In a week, counted from the promotion. */
function soldIn(week: number, product: string, store: string | undefined): number {
  return UNITS.get(`${LEARNT + week} ${product} ${store}`) ?? 0
}

const UNITS = new Map<string, number>()
for (const { day, product, store, units } of SALES) {
  const key = `${Math.floor((day - mondayAfter(0)) / 7)} ${product} ${store}`
  UNITS.set(key, (UNITS.get(key) ?? 0) + units)
}

function weightedQuantileLoss(rows: Row[]): number {
  const losses = [0.1, 0.5, 0.9].map((level) => {
    const lost = rows.map(({ actual, quantiles }) => {
      const quantile = quantiles[LEVELS.indexOf(level)]
      return Math.max(level * (actual - quantile), (level - 1) * (actual - quantile))
    })
    return (2 * sum(lost)) / sum(rows.map(({ actual }) => actual))
  })
  return sum(losses) / losses.length
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function counted({ blocks }: HealthRecord) {
  return blocks.filter((it) => it.outcome === 'counted')
}

/** Takes a publication out of the ledger, as if the run had failed. */
async function withoutPublication(repo: string, id: string): Promise<void> {
  const path = `forecasts/${id}`
  const tree = await editedTree(repo, [{ kind: 'remove', path }], 'refs/heads/ledger')
  const commit = await git(repo, ['commit-tree', tree, '-m', 'Record'])
  await git(repo, ['update-ref', 'refs/heads/ledger', commit.trim()])
}

async function monitored(weeks: number, at = morningAfter(LEARNT + weeks), repo = project) {
  const result = await withHealth(
    { options: inputsIn(repo, mondayAfter(LEARNT + weeks), { data: 'data' }), at },
    async (seen, health) => ({ seen, health }),
  )
  if (result.outcome !== 'seen') throw new Error(JSON.stringify(result))
  return result.made
}
