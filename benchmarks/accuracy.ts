import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { backtestRecipe, scoredRows } from '../src/evaluation/backtest.ts'
import type { Metrics } from '../src/evaluation/scoring/metrics.ts'
import { metricsOfCells, scoreOrigins } from '../src/evaluation/scoring/origin-scores.ts'
import type { OriginRows } from '../src/evaluation/scoring/rows.ts'
import { type History, openHistory } from '../src/evaluation/search/history.ts'
import { families } from '../src/forecasting/families/families.ts'
import { LEVELS } from '../src/forecasting/levels.ts'
import { baselineRecipe, type Recipe, recipeFrom } from '../src/forecasting/recipe.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { datasets } from './accuracy-datasets.ts'
import { exportPanel } from './accuracy-export.ts'
import { type Ratios, type Reached, ratiosOf, readPeers, tableOfRatios } from './accuracy-ratios.ts'
import type { Dataset } from './dataset.ts'

/**
 * How good the forecasts are: on every dataset, each family alone and the dataset's whole recipe, as
 * `train --as-of` and `forecast --all --as-of` would have made them at rolling origins a horizon
 * apart up to the end of the data. Scored are the series that sold in the 28 days, 8 weeks or 3
 * months before the origin.
 *
 *     npm run benchmark accuracy -- --datasets FOLDER
 *
 * | option | |
 * | --- | --- |
 * | `--datasets FOLDER` | real sales to score on; without it, the sample data |
 * | `--shapes` | the real sales in other shapes as well: other periods, fewer products, earlier |
 * | `--simulated` | the sample data as well: by day, week, month, store, and after 23 weeks |
 * | `--worlds` | the simulated worlds as well, in which one thing about demand is known |
 * | `--only NAME,…` | these datasets |
 * | `--families NAME,…` | these families, or YAML with settings: `{ridge: {penalty: [1, 10]}}` |
 * | `--horizons` | also by horizon |
 * | `--peers FOLDER` | beside what the peers reached, as `accuracy-peers.py` wrote it there |
 * | `--json` | everything as JSON |
 * | `--export FOLDER` | write the panels for `accuracy-peers.py`, and score nothing |
 */
export async function run(argv: string[]): Promise<void> {
  const options = optionsOf(argv)
  const json: unknown[] = []
  const ratios: Ratios[] = []
  for await (const dataset of datasets(options)) {
    if (options.export !== undefined) {
      await exportPanel(options.export, dataset)
      continue
    }
    const found = await scoreAll(dataset, options.families)
    const peers = options.peers === undefined ? [] : await readPeers(options.peers, dataset.name)
    if (peers.length > 0) ratios.push(ratiosOf(found.at(-1)!, peers))
    if (options.json) json.push(...found, ...peers)
    else {
      const horizons = options.horizons ? byHorizon(found) : ''
      console.log(`\n${heading(dataset)}\n${table([...found, ...peers])}${horizons}`)
    }
  }
  if (ratios.length > 0 && !options.json) console.log(`\n${tableOfRatios(ratios)}`)
  if (options.json) console.log(JSON.stringify(json, null, 2))
}

type Options = {
  folder: string | undefined
  shapes: boolean
  simulated: boolean
  worlds: boolean
  only: string[] | undefined
  families: Recipe['families'] | undefined
  horizons: boolean
  peers: string | undefined
  json: boolean
  export: string | undefined
}

function optionsOf(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      datasets: { type: 'string' },
      shapes: { type: 'boolean', default: false },
      simulated: { type: 'boolean', default: false },
      worlds: { type: 'boolean', default: false },
      only: { type: 'string' },
      families: { type: 'string' },
      horizons: { type: 'boolean', default: false },
      peers: { type: 'string' },
      json: { type: 'boolean', default: false },
      export: { type: 'string' },
    },
  })
  const { datasets: folder, shapes, only, families: asked, simulated, worlds } = values
  return {
    folder,
    shapes,
    simulated: simulated || (folder === undefined && !worlds),
    worlds,
    only: only?.split(','),
    families: asked === undefined ? undefined : familiesFrom(asked),
    horizons: values.horizons,
    peers: values.peers,
    json: values.json,
    export: values.export,
  }
}

function familiesFrom(text: string): Recipe['families'] {
  const written: unknown = parse(text)
  const spaces =
    typeof written === 'string'
      ? Object.fromEntries(written.split(/,\s*/).map((name) => [name, {}]))
      : written
  return recipeFrom({ frequency: 'week', horizon: 1, families: spaces }, '--families').families
}

/** One model on one dataset. */
export type Found = {
  dataset: string
  model: string
  /** What the search chose at each origin. */
  chosen: string[]
  seconds: number
  metrics: AccuracyMetrics
  byHorizon: AccuracyMetrics[]
}

/** `medianWape` is the WAPE of the median, the forecast with the least absolute error. */
type AccuracyMetrics = Metrics & { medianWape?: number }

/** Each family alone, with the settings to search that the recipe lists; last the recipe itself. */
async function scoreAll(
  { name, totals, plan, recipe, origins }: Dataset,
  asked?: Recipe['families'],
): Promise<Found[]> {
  const history = openHistory(totals, { plan, cores: availableParallelism() })
  const rows = scoredRows(history, recipe, { origins, step: recipe.horizon })
  // Builds the panels of all origins, so that no family's time includes them.
  await backtestRecipe(history, baselineRecipe(recipe), rows)
  const spaces =
    asked ??
    Object.fromEntries(
      Object.values(families).map((family) => [family.name, recipe.families[family.name] ?? {}]),
    )
  const found: Omit<Found, 'dataset'>[] = []
  for (const [family, space] of Object.entries(spaces)) {
    found.push(
      await scoreRecipe(family, { ...recipe, families: { [family]: space } }, history, rows),
    )
  }
  found.push(await scoreRecipe('the blend', { ...recipe, families: spaces }, history, rows))
  await history.close()
  return found.map((it) => ({ dataset: name, ...it }))
}

async function scoreRecipe(
  model: string,
  recipe: Recipe,
  history: History,
  rows: OriginRows[],
): Promise<Omit<Found, 'dataset'>> {
  const start = performance.now()
  const { chosen, forecasts } = await backtestRecipe(history, recipe, rows)
  const seconds = (performance.now() - start) / 1000
  const medians = forecasts.map(({ quantiles }) => ({ mean: mediansOf(quantiles), quantiles }))
  const metricsOf = (only?: { from: number; to: number }): AccuracyMetrics => {
    const { wape } = metricsOfCells(scoreOrigins(rows, medians, LEVELS, only))
    return {
      ...metricsOfCells(scoreOrigins(rows, forecasts, LEVELS, only)),
      ...(wape !== undefined && { medianWape: wape }),
    }
  }
  const horizons = Array.from({ length: recipe.horizon }, (_, h) => ({ from: h + 1, to: h + 1 }))
  return { model, chosen, seconds, metrics: metricsOf(), byHorizon: horizons.map(metricsOf) }
}

function mediansOf(quantiles: Float64Array): Float64Array {
  const middle = LEVELS.indexOf(0.5)
  return Float64Array.from(
    { length: quantiles.length / LEVELS.length },
    (_, cell) => quantiles[cell * LEVELS.length + middle],
  )
}

function heading({ name, recipe, origins }: Dataset): string {
  return `${name}: ${recipe.horizon} ${recipe.frequency}s ahead, ${origins} origins`
}

const COLUMNS = [
  'WAPE of the mean',
  'of the median',
  'bias',
  'quantile loss',
  'coverage 80%',
  'coverage 95%',
]

function table(found: Reached[]): string {
  return alignedColumns({
    headers: ['', ...COLUMNS, 'seconds'],
    rows: found.map(({ model, metrics, seconds }) => [
      model,
      ...cells(metrics),
      seconds.toFixed(1),
    ]),
  })
}

function byHorizon(found: Found[]): string {
  return alignedColumns({
    headers: ['', 'horizon', ...COLUMNS],
    rows: found.flatMap(({ model, byHorizon }) =>
      byHorizon.map((metrics, h) => [model, String(h + 1), ...cells(metrics)]),
    ),
  })
}

/** All × 100. */
function cells(metrics: AccuracyMetrics): string[] {
  const { wape, medianWape, bias, weightedQuantileLoss, coverage80, coverage95 } = metrics
  return [wape, medianWape, bias, weightedQuantileLoss, coverage80, coverage95].map((value) =>
    value === undefined ? '–' : (value * 100).toFixed(1),
  )
}
