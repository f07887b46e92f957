import { type Static, Type } from 'typebox'
import { release } from '../../base/memory.ts'
import { seededRandom } from '../../base/random.ts'
import { object } from '../../base/schema-parts.ts'
import type { Panel } from '../../demand/panel.ts'
import { tellsYear } from '../features/demand-level.ts'
import { DirectSettings, directFeatures, groupsOf, typical } from '../features/direct-features.ts'
import { learningRows } from '../features/learning-rows.ts'
import { planSettings } from '../features/plan-features.ts'
import { sharedByPanel } from '../features/shared-by-panel.ts'
import { type BinnedColumns, binColumns } from '../trees/bins.ts'
import { importance, predictOutputs } from '../trees/predict.ts'
import { trainTrees } from '../trees/train.ts'
import { checkTrees, Trees } from '../trees/trees.ts'
import {
  type DemandShape,
  type Family,
  type FitContext,
  forecasting,
  type Outlook,
  type Settings,
} from './family.ts'

const Parameters = object({ ...DirectSettings.properties, trees: Trees })
type Parameters = Static<typeof Parameters>

/**
 * Gradient-boosted trees over all series, origins and horizons at once. As `ridge`, they learn
 * demand over the series' own baseline, but find thresholds and interactions by themselves. With a
 * Tweedie loss of the power p, whose deviance scales as units^(2 − p), a weight of baseline^(2 − p)
 * makes the loss that of the demand itself. The same trees learn the median and the 10% and 90%
 * quantiles of it; these with weights that grow as the square root of the baseline, since what errs in
 * proportion to its size would otherwise be learnt from a few large series.
 */
export const boostedTrees: Family = {
  name: 'boosted-trees',
  description:
    'Gradient-boosted trees for all products: as ridge, with thresholds and interactions.',
  settings: {
    trees: { schema: Type.Integer({ minimum: 1, maximum: 2000 }), default: 128 },
    leaves: { schema: Type.Integer({ minimum: 2, maximum: 255 }), default: 16 },
    learningRate: { schema: Type.Number({ exclusiveMinimum: 0, maximum: 1 }), default: 0.06 },
    /** Variance power of the Tweedie loss: near 1 as for counts, near 2 as for money. */
    power: { schema: Type.Number({ exclusiveMinimum: 1, exclusiveMaximum: 2 }), default: 1.3 },
  },
  fit: (panel, settings, context) => estimate(panel, settings, context),
  cost: ({ series, periods, horizon }, { trees, leaves }) =>
    0.2 + Math.min(MOST_ROWS, series * periods * horizon) * Number(trees) * Number(leaves) * 6e-9,
  parameters: Parameters,
  check: ({ trees }: Parameters, file) => checkTrees(trees, file),
  importance: ({ trees }: Parameters) => importance(trees),
  ...forecasting(outlook),
}

/** Training rows beyond this number are left out at random: more cost time and change little. */
const MOST_ROWS = 120_000
/** One delivery to a wedding must not move the model: higher ratios to the baseline count as this. */
const MOST_RATIO = 10
/**
 * Where there are fewer rows than that, some are added that sell as usual, with all features
 * missing: no leaf is small enough to part them, and a few weeks are not to empty a shelf.
 */
const FEWEST_ROWS = 100
const PRIOR_ROWS = 10

function estimate(panel: Panel, settings: Settings, context: FitContext): Parameters {
  const { horizon, holidays, seed } = context
  const direct: DirectSettings = {
    horizon,
    holidays,
    yearly: tellsYear(panel),
    groups: groupsOf(panel),
    unit: typical(panel.units),
    unitPrice: typical(panel.price),
    ...planSettings(panel),
  }
  const { binned, ratio, baseline } = sharedRows(panel, [direct, seed], () =>
    trainingRows(panel, direct, seed),
  )
  const power = Number(settings.power)
  const weight = relativeToMean(baseline.map((units) => units ** (2 - power)))
  const sample = { target: ratio, weight }
  const trees = trainTrees(binned, sample, {
    loss: { tweedie: power },
    trees: Number(settings.trees),
    leaves: Number(settings.leaves),
    learningRate: Number(settings.learningRate),
    minimumLeafRows: 40,
    l2: 1,
    rowShare: 0.25,
    columnShare: 0.5,
    random: seededRandom(seed),
    quantiles: { levels: QUANTILES, weight: relativeToMean(baseline.map(Math.sqrt)) },
  })
  return { ...direct, trees }
}

/** Low, median, high: what the shape is told from. */
const QUANTILES = [0.1, 0.5, 0.9]

/** So that what a leaf must hold at least is counted in rows. */
function relativeToMean(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  return weights.map((weight) => weight / mean)
}

type TrainingRows = { binned: BinnedColumns; ratio: Float64Array; baseline: Float64Array }

const sharedRows = sharedByPanel<TrainingRows>()

function trainingRows(panel: Panel, settings: DirectSettings, seed: number): TrainingRows {
  const features = directFeatures(panel, settings)
  const { names } = features
  const { most, each } = learningRows(panel, features, {
    horizon: settings.horizon,
    wanted: MOST_ROWS,
    seed,
  })
  const columns = names.map(() => new Float32Array(most + PRIOR_ROWS))
  const ratio = new Float64Array(most + PRIOR_ROWS)
  const baselines = new Float64Array(most + PRIOR_ROWS)
  let rows = 0
  each((row, baseline, sold) => {
    ratio[rows] = Math.min(MOST_RATIO, sold / baseline)
    baselines[rows] = baseline
    for (let column = 0; column < row.length; column++) columns[column][rows] = row[column]
    rows++
  })
  if (rows < FEWEST_ROWS) {
    const usual = rows > 0 ? baselines.reduce((sum, units) => sum + units, 0) / rows : 1
    for (const column of columns) column.fill(Number.NaN, rows, rows + PRIOR_ROWS)
    ratio.fill(1, rows, rows + PRIOR_ROWS)
    baselines.fill(usual, rows, rows + PRIOR_ROWS)
    rows += PRIOR_ROWS
  }
  const cut = columns.map((column) => column.subarray(0, rows))
  const binned = binColumns({ names, rows, columns: cut })
  // Four times as large as their bins: while trees are grown they are not to be there.
  for (const column of columns) release(column)
  return {
    binned,
    ratio: ratio.subarray(0, rows),
    baseline: baselines.subarray(0, rows),
  }
}

function outlook(panel: Panel, horizon: number, { trees, ...settings }: Parameters): Outlook {
  const { names, ofSeries } = directFeatures(panel, settings)
  const origin = panel.periods - 1
  const cells = panel.series.length * horizon
  const columns = names.map(() => new Float32Array(cells))
  const mean = new Float64Array(cells)
  const row = new Float64Array(names.length)
  for (let index = 0; index < panel.series.length; index++) {
    const write = ofSeries(index)
    for (let step = 0; step < horizon; step++) {
      const cell = index * horizon + step
      mean[cell] = write(row, origin, origin + 1 + step)
      if (!(mean[cell] > 0)) row.fill(Number.NaN)
      for (let column = 0; column < row.length; column++) columns[column][cell] = row[column]
    }
  }
  const [ratios, ...quantiles] = predictOutputs(trees, { names, rows: cells, columns })
  for (let cell = 0; cell < cells; cell++) {
    if (mean[cell] > 0) mean[cell] *= Math.min(MOST_RATIO, ratios[cell])
  }
  return quantiles.length === 0 ? { mean } : { mean, shape: shapeOf(ratios, quantiles) }
}

/** Quantiles that lie below 0, or cross, are drawn together, and not to a point. */
function shapeOf(ratios: Float64Array, [low, middle, high]: Float64Array[]): DemandShape {
  const median = ratios.map((mean, cell) => share(middle[cell], mean))
  const width = ratios.map((mean, cell) => {
    const width = high[cell] - Math.max(0, low[cell])
    return Math.max(LEAST_SHARE, share(width, mean))
  })
  return { median, width }
}

function share(ratio: number, mean: number): number {
  return Math.max(0, Math.min(MOST_SHARE, ratio / mean))
}

/** Of a mean close to nothing the rest is not told in shares. */
const MOST_SHARE = 10
const LEAST_SHARE = 0.05
