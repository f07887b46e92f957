import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { UserError } from '../../../src/base/errors.ts'
import { seededRandom } from '../../../src/base/random.ts'
import { checker } from '../../../src/base/schema.ts'
import { binColumns, type Columns } from '../../../src/forecasting/trees/bins.ts'
import { importance, predictOutputs, predictTrees } from '../../../src/forecasting/trees/predict.ts'
import { type BoostingOptions, trainTrees } from '../../../src/forecasting/trees/train.ts'
import { checkTrees, type Loss, Trees } from '../../../src/forecasting/trees/trees.ts'

describe('a tree', () => {
  it('is what one finds by hand: the cut where the loss falls most, a Newton step beside it', () => {
    const columns = columnsOf({ x: [1, 2, 3, 4], y: [0, 1, 0, 1] })
    const trees = train(columns, [10, 12, 30, 32], { trees: 1, leaves: 2, learningRate: 1 })
    expect(trees.initial).toBeCloseTo(Math.log(21), 5)
    expect(trees.trees).toEqual([
      {
        feature: [0],
        threshold: [2.5],
        missingLeft: [0],
        left: [-1],
        right: [-2],
        // Σ (y − 21) / Σ (21 / 2 + y / 2)
        value: [expect.closeTo(-20 / 32, 5), expect.closeTo(20 / 52, 5)],
      },
    ])
    const [low, , high] = predictTrees(trees, columns)
    expect(low).toBeCloseTo(21 * Math.exp(-20 / 32), 4)
    expect(high).toBeCloseTo(21 * Math.exp(20 / 52), 4)
  })

  it('shrinks leaves by hand: with l2 as large as the second derivative of a leaf, by half', () => {
    const columns = columnsOf({ x: [1, 2, 3, 4] })
    const options = { trees: 1, leaves: 2, learningRate: 1, l2: 1.5 * Math.sqrt(20) }
    const [{ value }] = train(columns, [10, 10, 30, 30], options).trees
    expect(value).toEqual([expect.closeTo(-1 / 1.5 / 2, 5), expect.closeTo(1 / (2.5 + 1.5), 5)])
  })

  it('sends missing values where they belong, also where only they are different', () => {
    const x = [Number.NaN, Number.NaN, 1, 2, 3, 4]
    const like = (target: number[]) =>
      Array.from(
        predictTrees(
          train(columnsOf({ x }), target, { trees: 9, leaves: 2, learningRate: 1 }),
          columnsOf({ x }),
        ),
      )
    for (const target of [
      [5, 5, 5, 5, 9, 9],
      [9, 9, 5, 5, 9, 9],
      [9, 9, 5, 5, 5, 5],
    ]) {
      like(target).forEach((value, row) => {
        expect(value).toBeCloseTo(target[row], 5)
      })
    }
  })
})

describe('boosting', () => {
  it('comes closer to what it has seen with every tree', () => {
    const { columns, target } = noisyPlane(500, 11)
    const { trees, ...rest } = train(columns, target, { trees: 30 })
    const fit = trees.map((_, last) =>
      rSquared(target, predictTrees({ ...rest, trees: trees.slice(0, last + 1) }, columns)),
    )
    fit.forEach((value, index) => {
      expect(value).toBeGreaterThan(index > 0 ? fit[index - 1] : 0)
    })
  })

  it('gives the same bytes every time, so that a model can be made again', () => {
    const { columns, target } = counts(3000, 12)
    const weight = Float64Array.from(target, (_, row) => 0.1 + (row % 7))
    const cases: { loss: Loss; rowShare: number; trees: number }[] = [
      { loss: { tweedie: 1.5 }, rowShare: 1, trees: 20 },
      { loss: { tweedie: 1.5 }, rowShare: 0.8, trees: 20 },
      { loss: { quantile: 0.8 }, rowShare: 0.8, trees: 20 },
    ]
    for (const options of cases) {
      const [bytes, again] = [1, 2].map(() =>
        canonicalJson(train(columns, target, options, weight)),
      )
      expect(again === bytes).toBe(true)
    }
  })

  it('keeps to the leaves and the rows of a leaf that it may have', () => {
    const { columns, target } = noisyPlane(1000, 13)
    const limits = { trees: 3, leaves: 12, minimumLeafRows: 40, learningRate: 1 }
    const trees = train(columns, target, { ...limits, loss: { quantile: 0.5 } })
    for (const tree of trees.trees) {
      expect(tree.value.length).toBeLessThanOrEqual(12)
      const single = { ...trees, initial: 0, trees: [tree] }
      const rows = Map.groupBy(predictTrees(single, columns), (value) => value)
      for (const { length } of rows.values()) expect(length).toBeGreaterThanOrEqual(40)
    }
  })

  it('has nothing to add where all rows are the same, or none is there', () => {
    const columns = columnsOf({ x: [1, 2, 3, 4] })
    const same = train(columns, [7, 7, 7, 7], {})
    expect(same.trees).toEqual([])
    for (const predicted of predictTrees(same, columns)) expect(predicted).toBeCloseTo(7, 5)
    const sum = 0.1 + 0.2
    expect(train(columns, [sum, sum, sum, sum], {}).trees).toEqual([])
    for (const nothing of [train(columnsOf({ x: [] }), [], {}), train(columns, [0, 0, 0, 0], {})]) {
      expect(Math.max(...predictTrees(nothing, columns))).toBeLessThan(1e-6)
    }
  })

  it('sends values that are missing only later with the majority', () => {
    const columns = columnsOf({ x: [1, 2, 3, 4, 5, 6, 7, 8, 9] })
    const target = [5, 5, 5, 5, 5, 5, 9, 9, 9]
    const trees = train(columns, target, { trees: 9, leaves: 2, learningRate: 1 })
    const [later] = predictTrees(trees, columnsOf({ x: [Number.NaN] }))
    expect(later).toBeCloseTo(5, 5)
  })

  it('refuses targets and weights of which nothing can be learnt', () => {
    const columns = columnsOf({ x: [1, 2] })
    expect(() => train(columns, [1, Number.NaN], {})).toThrow('row 1 has the target NaN')
    expect(() => train(columns, [-1, 1], {})).toThrow('row 0 has the target -1')
    expect(() => train(columns, [-1, 1], { loss: { quantile: 0.5 } })).not.toThrow()
    const weight = Float64Array.of(1, -1)
    expect(() => train(columns, [1, 1], {}, weight)).toThrow('row 1 has the weight -1')
  })

  it('learns interactions that no single column shows', () => {
    const { columns, target } = noisyPlane(4000, 1)
    const fresh = noisyPlane(2000, 2)
    const trees = train(columns, target, { trees: 80 })
    expect(rSquared(fresh.target, predictTrees(trees, fresh.columns))).toBeGreaterThan(0.85)
  })

  it('has each quantile exceeded as often as it should be', () => {
    const { columns, target } = noisyPlane(3000, 3)
    const fresh = noisyPlane(3000, 4)
    for (const level of [0.1, 0.5, 0.9]) {
      const trees = train(columns, target, { loss: { quantile: level }, trees: 60 })
      const predicted = predictTrees(trees, fresh.columns)
      const below = fresh.target.filter((value, row) => value <= predicted[row]).length
      expect(below / fresh.target.length).toBeGreaterThan(level - 0.04)
      expect(below / fresh.target.length).toBeLessThan(level + 0.04)
    }
  })

  it('predicts counts that are positive and right on average', () => {
    const { columns, target } = counts(6000, 5)
    const fresh = counts(6000, 6)
    for (const tweedie of [1.01, 1.3]) {
      const trees = train(columns, target, { loss: { tweedie }, trees: 60 })
      const predicted = predictTrees(trees, fresh.columns)
      expect(Math.min(...predicted)).toBeGreaterThan(0)
      expect(mean(predicted) / mean(fresh.target)).toBeGreaterThan(0.95)
      expect(mean(predicted) / mean(fresh.target)).toBeLessThan(1.05)
      expect(rSquared(fresh.expected, predicted)).toBeGreaterThan(0.9)
    }
  })

  it('learns the same from a row of weight 2 as from the row twice', () => {
    const { columns, target } = noisyPlane(200, 8)
    const twice = (row: number) => (row % 3 === 0 ? [row, row] : [row])
    const rows = Array.from(target.keys()).flatMap(twice)
    const weight = Float64Array.from(target, (_, row) => twice(row).length)
    for (const tweedie of [1.01, 1.5]) {
      const options = { loss: { tweedie }, trees: 20, leaves: 4, minimumLeafRows: 4.5 }
      // The same share of all of them.
      const minimumLeafRows = (4.5 * target.length) / rows.length
      const weighted = train(columns, target, { ...options, minimumLeafRows }, weight)
      const repeated = {
        ...columns,
        rows: rows.length,
        columns: columns.columns.map((values) => Float32Array.from(rows, (row) => values[row])),
      }
      const again = train(
        repeated,
        rows.map((row) => target[row]),
        options,
      )
      const [a, b] = [weighted, again].map((trees) => predictTrees(trees, columns))
      expect(rSquared(a, b)).toBeGreaterThan(0.999)
    }
  })

  it('names the columns that matter', () => {
    const { columns, target } = noisyPlane(2000, 9)
    const shares = importance(train(columns, target, { trees: 20 }))
    expect(Object.keys(shares).slice(0, 3).sort()).toEqual(['a', 'b', 'c'])
    expect(shares.nothing).toBeLessThan(0.02)
  })

  it('never predicts beyond the targets it has seen, with one tree', () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(value, fc.constant(Number.NaN)), value), { minLength: 1 }),
        fc.integer({ min: 1, max: 8 }),
        (rows, leaves) => {
          const columns = columnsOf({ x: rows.map(([x]) => x) })
          const target = rows.map(([, y]) => y)
          const options = { trees: 1, leaves, minimumLeafRows: 1, learningRate: 1 }
          const slack = 1e-5 * (1 + Math.max(...target.map(Math.abs)))
          const predicted = predictTrees(train(columns, target, options), columns)
          expect(Math.min(...predicted)).toBeGreaterThanOrEqual(Math.min(...target) - slack)
          expect(Math.max(...predicted)).toBeLessThanOrEqual(Math.max(...target) + slack)
        },
      ),
    )
  })
})

describe('trees that tell quantiles beside the mean', () => {
  const levels = [0.1, 0.5, 0.9]
  const { columns, target } = unequalNoise(4000, 21)
  const told = (options: Partial<BoostingOptions> = {}, times = 1) =>
    train(
      columns,
      target.map((value) => times * value),
      {
        trees: 80,
        rowShare: 0.5,
        quantiles: { levels, weight: new Float64Array(columns.rows).fill(1) },
        ...options,
      },
    )
  const fresh = unequalNoise(4000, 22)

  it('have each exceeded as often as it should be, in calm rows and in noisy ones', () => {
    const [mean, ...quantiles] = predictOutputs(told(), fresh.columns)
    const [noisy] = fresh.columns.columns
    for (const isAsked of [(row: number) => noisy[row] === 1, (row: number) => noisy[row] === 0]) {
      const rows = Array.from(mean.keys()).filter(isAsked)
      for (const [k, level] of levels.entries()) {
        const below = rows.filter((row) => fresh.target[row] <= quantiles[k][row]).length
        expect(Math.abs(below / rows.length - level), `level ${level}`).toBeLessThan(0.06)
      }
    }
  })

  it('are as good at the mean as they are without', () => {
    const error = (trees: Trees) => {
      const made = predictTrees(trees, fresh.columns)
      return Math.sqrt(mean(fresh.expected.map((value, row) => (value - made[row]) ** 2)))
    }
    expect(error(told())).toBeLessThan(1.15 * error(train(columns, target, { trees: 80 })))
  })

  it('are the same bytes every time, and after a round trip through JSON', () => {
    const bytes = canonicalJson(told())
    expect(canonicalJson(told())).toBe(bytes)
    const again = load(JSON.parse(bytes))
    expect(predictOutputs(again, columns)).toEqual(predictOutputs(told(), columns))
  })

  it('tell of a thousand times as much a thousand times what they do', () => {
    const [small, large] = [told(), told({}, 1000)].map((it) => predictOutputs(it, fresh.columns))
    for (const k of [1, 2, 3]) {
      const ratios = small[k].map((value, row) => large[k][row] / value / 1000)
      expect(mean(ratios)).toBeCloseTo(1, 2)
    }
  })

  it('are refused where a leaf does not tell them all', () => {
    const damages: ((damaged: Trees) => void)[] = [
      ({ trees: [tree] }) => tree.quantiles?.pop(),
      ({ trees: [tree] }) => tree.quantiles?.[0].pop(),
      ({ quantiles }) => quantiles?.pop(),
      ({ trees: [tree] }) => {
        delete tree.quantiles
      },
    ]
    for (const damage of damages) {
      const damaged = structuredClone(told({ trees: 3 }))
      damage(damaged)
      expect(() => load(damaged), String(damage)).toThrow(/model\.json/)
    }
  })
})

describe('a file of trees', () => {
  const { columns, target } = noisyPlane(500, 10)
  const trees = train(columns, target, { trees: 5 })

  it('predicts the same after a round trip through JSON', () => {
    const again = load(JSON.parse(canonicalJson(trees)))
    expect(predictTrees(again, columns)).toEqual(predictTrees(trees, columns))
  })

  it('of another version, with other features, is refused with what to do, not as a bug', () => {
    const renamed = { ...columns, names: columns.names.map((name) => `${name}, renamed`) }
    expect(() => predictTrees(trees, renamed)).toThrow(/Train the model again/)
    const fewer = { ...columns, names: columns.names.slice(1), columns: columns.columns.slice(1) }
    expect(() => predictTrees(trees, fewer)).toThrow(UserError)
  })

  it('is refused where it would lead prediction astray', () => {
    const damages: ((damaged: Trees) => void)[] = [
      ({ trees: [tree] }) => {
        tree.left[0] = 0
      },
      ({ trees: [tree] }) => {
        tree.right[0] = tree.feature.length
      },
      ({ trees: [tree] }) => {
        tree.right[0] = -2 - tree.feature.length
      },
      ({ trees: [tree] }) => {
        tree.feature[0] = columns.names.length
      },
      ({ trees: [tree] }) => {
        tree.value.pop()
      },
      ({ trees: [tree] }) => {
        tree.threshold.push(1)
      },
      ({ trees: [tree] }) => {
        tree.value[0] = 1e300
      },
      ({ trees: [tree] }) => {
        tree.left[0] = 0.5
      },
      ({ trees: [tree] }) => {
        tree.threshold[0] = Number.POSITIVE_INFINITY
      },
      (damaged) => {
        damaged.importance.push(0)
      },
      (damaged) => {
        damaged.loss = { tweedie: 2 }
      },
    ]
    for (const damage of damages) {
      const damaged = structuredClone(trees)
      damage(damaged)
      expect(() => load(damaged), String(damage)).toThrow(/model\.json/)
    }
  })
})

const check = checker(Trees)

function load(value: unknown): Trees {
  const trees = check(value, 'model.json')
  checkTrees(trees, 'model.json')
  return trees
}

function columnsOf(values: Record<string, number[]>): Columns {
  const columns = Object.values(values).map((column) => Float32Array.from(column))
  return { names: Object.keys(values), rows: columns[0].length, columns }
}

function train(
  columns: Columns,
  target: ArrayLike<number>,
  options: Partial<BoostingOptions>,
  weight: Float64Array = new Float64Array(columns.rows).fill(1),
): Trees {
  const sample = { target: Float64Array.from(target), weight }
  return trainTrees(binColumns(columns), sample, {
    loss: { tweedie: 1.5 },
    trees: 50,
    leaves: 15,
    learningRate: 0.1,
    minimumLeafRows: columns.rows < 10 ? 1 : 10,
    l2: 0,
    rowShare: 1,
    columnShare: 1,
    random: seededRandom(1),
    ...options,
  })
}

/** Positive values of two columns that only matter together, one that matters alone, and one that does not. */
function noisyPlane(rows: number, seed: number): { columns: Columns; target: Float64Array } {
  const random = seededRandom(seed)
  const draw = () => Array.from({ length: rows }, () => 2 * random() - 1)
  const [a, b, c, nothing] = [draw(), draw(), draw(), draw()]
  const target = Float64Array.from(a, (_, row) => 8 + 4 * a[row] * b[row] + c[row] + random() / 2)
  return { columns: columnsOf({ a, b, c, nothing }), target }
}

/** Around an expectation that depends on one column, by ±10% or, where another is 1, by ±90%. */
function unequalNoise(rows: number, seed: number) {
  const random = seededRandom(seed)
  const noisy = Array.from({ length: rows }, () => (random() < 0.5 ? 1 : 0))
  const x = Array.from({ length: rows }, random)
  const expected = Float64Array.from(x, (value) => 10 + 10 * value)
  const target = expected.map(
    (value, row) => value * (1 + (noisy[row] === 1 ? 0.9 : 0.1) * (2 * random() - 1)),
  )
  return { columns: columnsOf({ noisy, x }), expected, target }
}

/** Poisson counts around an expectation that depends on two columns. */
function counts(rows: number, seed: number) {
  const random = seededRandom(seed)
  const x = Array.from({ length: rows }, random)
  const weekend = x.map(() => (random() < 0.3 ? 1 : 0))
  const expected = Float64Array.from(x, (value, row) => Math.exp(2 * value + weekend[row] - 0.5))
  const target = expected.map((rate) => {
    let count = -1
    for (let time = 0; time < rate; count++) time += -Math.log(1 - random())
    return count
  })
  return { columns: columnsOf({ x, weekend }), expected, target }
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
}

function rSquared(actual: Float64Array, predicted: Float64Array): number {
  const average = mean(actual)
  const error = mean(actual.map((value, row) => (value - predicted[row]) ** 2))
  return 1 - error / mean(actual.map((value) => (value - average) ** 2))
}
