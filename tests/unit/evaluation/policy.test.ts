import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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

async function policyWith(before: string, after: string): Promise<string> {
  const text = await readFile(shipped, 'utf8')
  const changed = text.replace(before, after)
  expect(changed).not.toBe(text)
  const file = join(folder, 'policy.yml')
  await writeFile(file, changed)
  return file
}
