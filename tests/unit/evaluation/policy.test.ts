import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { UserError } from '../../../src/base/errors.ts'
import { readPolicy } from '../../../src/evaluation/gate/policy.ts'

const shipped = 'model-registry/policy.yml'
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cd4ml-policy-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('policy', () => {
  test('the shipped policy is valid and decides by the weighted quantile loss', async () => {
    expect(await readPolicy(shipped)).toMatchObject({
      decidedBy: 'weightedQuantileLoss',
      confidence: 0.95,
      guardrails: { beatsSeasonalNaive: true, segments: { category: { maxWorse: 0.1 } } },
    })
  })

  test.each([
    ['a misspelt guardrail', 'bias: {', 'biass: {', /biass/],
    ['bias as the metric that decides', 'weightedQuantileLoss\n', 'bias\n', /one of .*wape/],
    ['a confidence in percent', 'confidence: 0.95', 'confidence: 95', /confidence: must be <= /],
    ['a share as text', 'max: 0.15', 'max: "0.15"', /guardrails\.bias\.max: must be number/],
    [
      'a guardrail that asks nothing',
      'ordering: { maxCostIncrease: 0.05 }',
      'ordering: {}',
      /ordering/,
    ],
    ['a missing key', 'minimumOrigins: 4\n', '', /minimumOrigins/],
    ['a key written twice', 'origins: 6', 'origins: 6\norigins: 7', /policy\.yml:\d+: .*unique/],
    ['more origins required than scored', 'minimumOrigins: 4', 'minimumOrigins: 9', /at most/],
    ['coverage limits the wrong way round', 'min: 0.70', 'min: 0.99', /coverage80\.min/],
    ['broken YAML', 'guardrails:', 'guardrails: [', /policy\.yml:\d+: is not valid YAML/],
  ])('%s is the user’s mistake, told with its place', async (_, before, after, message) => {
    const file = await policyWith(before, after)
    await expect(readPolicy(file)).rejects.toThrow(UserError)
    await expect(readPolicy(file)).rejects.toThrow(message)
    await expect(readPolicy(file)).rejects.toThrow(file)
  })

  test('aliases that expand without bound are refused, not expanded', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
    }
    const file = join(folder, 'policy.yml')
    await writeFile(file, bomb.join('\n'))
    await expect(readPolicy(file)).rejects.toThrow(UserError)
  })

  test('a policy that is not there is the user’s mistake', async () => {
    await expect(readPolicy(join(folder, 'none.yml'))).rejects.toThrow(UserError)
  })
})

/** Where a number begins and ends to be allowed, and what beside it is not. */
const whole = (least: number) => ({
  allowed: [least, least + 9],
  refused: [least - 1, least + 0.5, '3'],
})
const share = { allowed: [0, 1], refused: [-0.01, 1.01, '0.5', null] }
const noLess = (least: number) => ({ allowed: [least, 99], refused: [least - 0.01, '1'] })

test.each<[key: string, limits: { allowed: unknown[]; refused: unknown[] }]>([
  [
    'decidedBy',
    { allowed: ['weightedQuantileLoss', 'wape', 'mase', 'rmsse'], refused: ['bias', ''] },
  ],
  ['confidence', { allowed: [0.5, 0.999], refused: [0.49, 1, '0.95'] }],
  ['minimumImprovement', share],
  ['origins', { allowed: [4, 100], refused: [101, 4.5, '6'] }],
  ['minimumOrigins', { allowed: [2, 6], refused: [1, 2.5, 7, '4'] }],
  ['step', whole(1)],
  [
    'allow',
    {
      allowed: [[], ['shorterHorizon', 'otherFrequency', 'fewerSeries']],
      refused: [['all'], ['fewerSeries', 'fewerSeries'], 'fewerSeries'],
    },
  ],
  ['lift', { allowed: [[], [1, 2]], refused: [[0], [1.5], [2, 2], 2] }],
  ['refresh', { allowed: [{}], refused: [{ every: 1 }, 1] }],
  ['refresh.gain', share],
  ['refresh.margin', share],
  ['refresh.newSeries', share],
  ['refresh.maxAge', whole(1)],
  ['monitoring', { allowed: [{}], refused: [{ alarm: 1 }, 'daily'] }],
  ['monitoring.allowance', share],
  ['monitoring.knownDemand', share],
  ['monitoring.watch', { allowed: [0.1, 1, 100], refused: [0, -1, 101, '1'] }],
  ['monitoring.degraded', { allowed: [2, 20, 1e6], refused: [1.9, 1e6 + 1, '20'] }],
  ['monitoring.wreckYears', { allowed: [1, 10_000], refused: [0.9, 10_001] }],
  ['monitoring.decisions', { allowed: [2, 100_000], refused: [1, 2.5, 100_001] }],
  [
    'monitoring.shadow',
    { allowed: ['newest', 'none', 'a'.repeat(64)], refused: ['oldest', 'A'.repeat(64), true, 3] },
  ],
  ['guardrails', { allowed: [{}], refused: [{ mape: 1 }, 'none'] }],
  ['guardrails.beatsSeasonalNaive', { allowed: [true, false], refused: ['yes', 1] }],
  [
    'guardrails.bias',
    { allowed: [{ max: 0.01 }], refused: [{}, { max: 0 }, { max: '1' }, { max: 1, min: 0 }, 0.1] },
  ],
  [
    'guardrails.coverage80',
    {
      allowed: [
        { min: 0, max: 1 },
        { min: 0.5, max: 0.5 },
      ],
      refused: [{ min: 0.7 }, { max: 0.9 }, { min: 0.7, max: 0.9, at: 1 }, 0.8],
    },
  ],
  ['guardrails.coverage80.min', { allowed: [0], refused: [-0.01, '0.5', 0.98] }],
  ['guardrails.coverage80.max', { allowed: [1], refused: [1.01, 0.69] }],
  [
    'guardrails.segments',
    { allowed: [{ minimumRows: 1 }], refused: [{}, { minimumRows: 1, store: {} }, 100] },
  ],
  ['guardrails.segments.minimumRows', whole(1)],
  ...(['category', 'volumeClass'] as const).map(
    (by): [string, { allowed: unknown[]; refused: unknown[] }] => [
      `guardrails.segments.${by}`,
      {
        allowed: [{ maxWorse: 0 }],
        refused: [{}, { maxWorse: -0.1 }, { maxWorse: '1' }, { maxWorse: 0.1, rows: 1 }, 0.1],
      },
    ],
  ),
  [
    'guardrails.ordering',
    { allowed: [{ maxCostIncrease: 0 }], refused: [{}, { maxCost: 1 }, 0.05] },
  ],
  ['guardrails.ordering.maxCostIncrease', noLess(0)],
  ['guardrails.ordering.minServiceLevel', share],
])(
  'a slip in %s does not loosen the gate: what is out of its range is refused',
  async (key, { allowed, refused }) => {
    for (const value of allowed)
      await expect(readPolicy(await withValue(key, value))).resolves.toBeDefined()
    for (const value of refused) {
      await expect(readPolicy(await withValue(key, value)), JSON.stringify(value)).rejects.toThrow(
        UserError,
      )
    }
  },
)

test.each([
  'decidedBy',
  'confidence',
  'minimumImprovement',
  'origins',
  'minimumOrigins',
  'guardrails',
])('a policy without %s is refused, as it is not said what it asks', async (key) => {
  await expect(readPolicy(await withValue(key, undefined))).rejects.toThrow(`'${key}'`)
})

test('what a policy does not say of a refresh is as in the policy that the template ships', async () => {
  const usual = { gain: 0.1, margin: 0.02, newSeries: 0.1, maxAge: 365 }
  expect(await readPolicy(await withValue('refresh', undefined))).toMatchObject({ refresh: usual })
  expect(await readPolicy(await withValue('refresh', { gain: 0.3 }))).toMatchObject({
    refresh: { ...usual, gain: 0.3 },
  })
})

test('what a policy does not say of monitoring is as in the policy that the template ships', async () => {
  const { monitoring } = await readPolicy(shipped)
  expect(await readPolicy(await withValue('monitoring', undefined))).toMatchObject({ monitoring })
  expect(await readPolicy(await withValue('monitoring', { watch: 2 }))).toMatchObject({
    monitoring: { ...monitoring, watch: 2 },
  })
  expect(Object.keys(parse(await readFile(shipped, 'utf8')).monitoring)).toEqual(
    Object.keys(monitoring),
  )
})

test('a policy that nothing could satisfy says which two numbers do not go together', async () => {
  await expect(readPolicy(await withValue('minimumOrigins', 7))).rejects.toThrow(
    /minimumOrigins: must be at most origins, which is 6, but is 7\n +Nothing could ever be promoted/,
  )
  await expect(readPolicy(await withValue('guardrails.coverage80.min', 0.98))).rejects.toThrow(
    /min: must be at most max, which is 0.97, but is 0.98\n +No model could ever satisfy it/,
  )
})

/** The shipped policy with another value at a key such as `refresh.gain`; without it where undefined. */
async function withValue(key: string, value: unknown): Promise<string> {
  const policy = parse(await readFile(shipped, 'utf8'))
  const names = key.split('.')
  const last = names.pop()!
  const parent = names.reduce((found, name) => found[name], policy)
  parent[last] = value
  const file = join(folder, 'policy.yml')
  await writeFile(file, JSON.stringify(policy))
  return file
}

async function policyWith(before: string, after: string): Promise<string> {
  const text = await readFile(shipped, 'utf8')
  const changed = text.replace(before, after)
  expect(changed).not.toBe(text)
  const file = join(folder, 'policy.yml')
  await writeFile(file, changed)
  return file
}
