import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../src/base/random.ts'
import { binColumns, type Columns } from '../src/forecasting/trees/bins.ts'
import { predictTrees } from '../src/forecasting/trees/predict.ts'
import { trainTrees } from '../src/forecasting/trees/train.ts'

/**
 * What 200 trees of 31 leaves cost on 200,000 rows × 30 features with the Tweedie loss of the family,
 * beside LightGBM with its defaults on the same data and loss, in one thread as well, by turns: the
 * fastest of five each, and R² on 50,000 other rows. LightGBM is looked for in the Python that the environment variable PYTHON names.
 */
export function run(): void {
  const rows = interactions(TRAINING_ROWS + HELD_OUT_ROWS, 30)
  const folder = mkdtempSync(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    const file = join(folder, 'rows.bin')
    writeFileSync(file, Buffer.concat([...rows.columns, rows.target].map(bytesOf)))
    const hasPeer = canImportLightGbm()
    const own: Run[] = []
    const peer: Run[] = []
    for (let time = 0; time < 5; time++) {
      own.push(trainOwn(rows))
      if (hasPeer) peer.push(trainLightGbm(file, rows.columns.length))
    }
    console.log(`${TRAINING_ROWS} rows × ${rows.columns.length} features, one thread`)
    const ours = report('cd4ml', own)
    if (!hasPeer) {
      console.log(HOW_TO_INSTALL)
      return
    }
    const theirs = report('LightGBM', peer)
    const ratio = (ours.seconds / theirs.seconds).toFixed(2)
    const below = (theirs.rSquared - ours.rSquared).toFixed(4)
    console.log(`${ratio} × LightGBM's time; R² ${below} below LightGBM's`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const TRAINING_ROWS = 200_000
const HELD_OUT_ROWS = 50_000
const PYTHON = process.env.PYTHON ?? 'python3'
const HOW_TO_INSTALL = `To compare with LightGBM: python3 -m venv peer && peer/bin/pip install lightgbm,
then PYTHON=peer/bin/python npm run benchmark boosted-trees`

/** Wall and processor time of binning and training, in seconds. */
type Run = { binning: number; training: number; processor: number; rSquared: number }

type Rows = { columns: Float32Array[]; target: Float32Array }

/**
 * A target whose logarithm is of waves, steps, products and maxima of some columns, with noise of
 * about a quarter of its variance. Of every fifth column values are missing, more of the large ones.
 */
function interactions(rows: number, columns: number): Rows {
  const random = seededRandom(5)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const x = Array.from({ length: columns }, (_, column) =>
    Float32Array.from(
      { length: rows },
      column % 3 === 0 ? () => Math.floor(20 * random()) : normal,
    ),
  )
  const target = Float32Array.from({ length: rows }, (_, row) => {
    const at = (column: number) => x[column][row]
    const signal =
      (2 * Math.sin(at(1))) / (1 + Math.exp(-2 * at(2))) +
      (at(0) > 12 ? at(4) : -0.5 * at(5)) +
      Math.max(at(7), at(8)) +
      0.1 * at(3) * (at(10) > 0 ? 1 : 0) +
      Math.exp(-at(11) * at(11)) * (1 + at(13))
    return Math.exp((signal + normal()) / 4)
  })
  for (let column = 0; column < columns; column += 5) {
    for (let row = 0; row < rows; row++) {
      if (random() < (x[column][row] > 1 ? 0.12 : 0.06)) x[column][row] = Number.NaN
    }
  }
  return { columns: x, target }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function trainOwn({ columns, target }: Rows): Run {
  const part = (from: number, to: number): Columns => ({
    names: columns.map((_, column) => String(column)),
    rows: to - from,
    columns: columns.map((values) => values.subarray(from, to)),
  })
  const training = part(0, TRAINING_ROWS)
  const heldOut = part(TRAINING_ROWS, TRAINING_ROWS + HELD_OUT_ROWS)
  const processor = process.cpuUsage()
  const start = performance.now()
  const binned = binColumns(training)
  const binnedAt = performance.now()
  const sample = {
    target: Float64Array.from(target.subarray(0, TRAINING_ROWS)),
    weight: new Float64Array(TRAINING_ROWS).fill(1),
  }
  const trees = trainTrees(binned, sample, {
    loss: { tweedie: 1.3 },
    trees: 200,
    leaves: 31,
    learningRate: 0.1,
    minimumLeafRows: 20,
    l2: 0,
    rowShare: 1,
    columnShare: 1,
    random: seededRandom(1),
  })
  const end = performance.now()
  const { user, system } = process.cpuUsage(processor)
  return {
    binning: (binnedAt - start) / 1e3,
    training: (end - binnedAt) / 1e3,
    processor: (user + system) / 1e6,
    rSquared: rSquared(target.subarray(TRAINING_ROWS), predictTrees(trees, heldOut)),
  }
}

function trainLightGbm(file: string, columns: number): Run {
  const script = join(import.meta.dirname, 'boosted-trees-lightgbm.py')
  const args = [script, file, columns, TRAINING_ROWS].map(String)
  return JSON.parse(execFileSync(PYTHON, args, { encoding: 'utf8' }))
}

function canImportLightGbm(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import lightgbm, numpy'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function report(name: string, runs: Run[]): { seconds: number; rSquared: number } {
  const least = (of: (run: Run) => number) => Math.min(...runs.map(of))
  const seconds = least(({ binning, training }) => binning + training)
  const parts = `${least(({ binning }) => binning).toFixed(2)} s of it binning`
  const processor = `${least((run) => run.processor).toFixed(2)} s of processor time`
  const [{ rSquared }] = runs
  console.log(`${name}: ${seconds.toFixed(2)} s, ${parts}; ${processor}; R² ${rSquared.toFixed(4)}`)
  return { seconds, rSquared }
}

function rSquared(actual: Float32Array, predicted: Float64Array): number {
  const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length
  let error = 0
  let variance = 0
  for (let row = 0; row < actual.length; row++) {
    error += (actual[row] - predicted[row]) ** 2
    variance += (actual[row] - mean) ** 2
  }
  return 1 - error / variance
}
