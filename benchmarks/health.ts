import { parseArgs } from 'node:util'
import { isoFromDay } from '../src/base/day.ts'
import { firstDay, periodOf } from '../src/demand/calendar.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { trainAsOf } from '../src/evaluation/search/search.ts'
import { LEVELS } from '../src/forecasting/levels.ts'
import type { Model } from '../src/forecasting/model.ts'
import { completeRecipe } from '../src/forecasting/recipe.ts'
import { type ContentFile, contentFile, contentText } from '../src/ledger/content.ts'
import { publishedForecasts, publishedText } from '../src/ledger/published-forecasts.ts'
import { accuracyOf } from '../src/monitoring/health/accuracy.ts'
import { measuredBlock } from '../src/monitoring/health/block.ts'
import type { KnownPublication } from '../src/monitoring/origins/known-publication.ts'
import { productionBlocks } from '../src/monitoring/origins/production-blocks.ts'
import { openForecaster } from '../src/ordering/forecaster.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'
import { FIRST_DAY, simulatedChain } from './simulated-chain.ts'

/**
 * What it takes to see how a model is in production: 10,000 products whose sales and stock are
 * simulated, 52 weekly blocks whose forecasts, ten weeks ahead, were published as the ledger keeps
 * them; seasonal naive at every origin, every metric of every part. Against what it took to make and
 * pack these forecasts. The exit code is 1 where it takes more than 1.6 times that. `--products` and
 * `--blocks` make it smaller.
 */
export async function run(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: {
      products: { type: 'string', default: '10000' },
      blocks: { type: 'string', default: '52' },
    },
  })
  const [products, blocks] = [Number(values.products), Number(values.blocks)]
  const totals = simulatedChain(products, HISTORY + 7 * blocks)
  const model = await trained(totals)
  const publishing = stopwatch()
  const published = new Map<number, [KnownPublication]>()
  const contents = new Map<string, ContentFile>()
  for (let week = 0; week < blocks; week++) {
    const { file, ...publication } = publish(totals, model, week)
    published.set(periodOf('week', FIRST_DAY + HISTORY + 7 * week), [publication])
    contents.set(file.path, file)
  }
  const made = publishing()
  const monitoring = stopwatch()
  const seen = await productionBlocks({
    version: 1,
    model,
    totals,
    block: { frequency: 'week', periods: 1, inYear: 52 },
    start: periodOf('week', FIRST_DAY + HISTORY),
    publications: published,
    read: async ({ record: { files } }) => {
      const text = contentText(files.json, contents.get(files.json)!.bytes)
      return publishedForecasts(text, files.json)
    },
    readShadow: async () => undefined,
  })
  const how = { version: 1, periods: 1, metric: 'weightedQuantileLoss' as const, least: 0.5 }
  const told = seen.blocks.map((block) => measuredBlock(block, how))
  const origins = seen.blocks.flatMap((it) => (it.outcome === 'seen' ? [it.origin] : []))
  const parts = accuracyOf(origins, 1, { challenger: NOTHING, segments: [], horizon: HORIZON })
  const took = monitoring()
  const peak = process.resourceUsage().maxRSS / 1024 ** 2
  const measured = told.filter(({ outcome }) => outcome === 'measured').length
  console.log(
    `${products} products, ${measured} blocks measured, ${parts.length} parts: ${took.cpu.toFixed(1)} s of CPU, ${took.wall.toFixed(1)} s in all, at most ${peak.toFixed(1)} GB`,
  )
  const ratio = took.cpu / made.cpu
  console.log(
    `to forecast and to pack them took ${made.cpu.toFixed(1)} s of CPU: ${ratio.toFixed(2)} × that`,
  )
  if (ratio > MOST) process.exitCode = 1
}

/** Seconds since it was made: of all cores together, and of the clock. */
function stopwatch(): () => { cpu: number; wall: number } {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000 }
  }
}

const MOST = 1.6
const HISTORY = 78 * 7
const HORIZON = 10
const NOTHING = { model: '', metrics: {}, chosen: [] }

async function trained(totals: DailyTotals): Promise<Model> {
  const recipe = completeRecipe(
    { frequency: 'week', horizon: HORIZON, families: { 'moving-average': { window: 8 } } },
    'recipe.yml',
  )
  return (await trainAsOf(openHistory(totals), recipe, FIRST_DAY + HISTORY - 1)).model
}

function publish(totals: DailyTotals, model: Model, week: number) {
  const day = FIRST_DAY + HISTORY + 7 * week
  const { from, series } = openForecaster({ model, totals, asOf: day - 1 }).distributions()
  const file = contentFile(
    publishedText({
      frequency: 'week',
      from,
      levels: LEVELS,
      series: series.map(({ productId, basis, name: _, category: __, storeId: ___, ...rest }) => ({
        product: productId,
        restsOn: basis,
        ...rest,
      })),
    }),
    'ndjson',
  )
  const record: KnownPublication['record'] = {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at: `${isoFromDay(day)}T07:00:00.000Z`,
    version: 1,
    model: 'moving-average',
    salesThrough: isoFromDay(day - 1),
    from: from[0],
    through: isoFromDay(firstDay('week', periodOf('week', day) + HORIZON) - 1),
    series: series.length,
    files: { json: file.path },
  }
  return { id: `${week}`, record, file }
}
