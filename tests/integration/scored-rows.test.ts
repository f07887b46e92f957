import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { Evaluation } from '../../src/evaluation/gate/evaluation.ts'
import { cd4ml, mergeProposal, newProject, succeed, succeedJson } from '../project.ts'
import { commitAll, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

let project: string
let evaluation: Evaluation
let rows: Record<string, string>[]

beforeAll(async () => {
  const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 })
  project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
  for (const args of [['train'], ['compare'], ['promote', '--baseline']])
    await succeed(project, args)
  await mergeProposal(project)
  await git(project, ['switch', '--quiet', '--create', 'try'])
  await put(project, recipe('moving-average: { window: 6 }'))
  await commitAll(project, 'Try the moving average')
  await succeed(project, ['train', '--name', 'six weeks'])
  evaluation = await succeedJson(project, ['compare', '--rows', 'out/rows.csv'])
  rows = parse(await readFile(join(project, 'out/rows.csv'), 'utf8'), { columns: true })
})

describe('compare --rows', () => {
  const sides = {
    challenger: 'challenger',
    champion: 'champion',
    baseline: 'seasonal_naive',
  } as const

  test('writes as many rows as were scored, each with the day known and the period forecast', () => {
    expect(rows).toHaveLength(evaluation.rows)
    expect(new Set(rows.map((row) => row.known_until))).toEqual(new Set(evaluation.origins))
    for (const row of rows) expect(row.period > row.known_until).toBe(true)
  })

  test.each(Object.entries(sides))('adds up to the WAPE and the bias of the %s', (side, column) => {
    const { metrics } = evaluation[side as keyof typeof sides]!
    const sum = (of: (row: Record<string, string>) => number) =>
      rows.reduce((total, row) => total + of(row), 0)
    const sold = sum((row) => Number(row.actual))
    const error = (row: Record<string, string>) => Number(row[column]) - Number(row.actual)
    expect(sum((row) => Math.abs(error(row))) / sold).toBeCloseTo(metrics.wape!, 4)
    expect(sum(error) / sold).toBeCloseTo(metrics.bias!, 4)
  })

  test('adds up to what is told of each product', () => {
    const { worst, best } = evaluation.products!
    expect(worst.length + best.length).toBeGreaterThan(0)
    for (const it of [...worst, ...best]) {
      const own = rows.filter((row) => row.product_id === it.productId)
      const error = (column: string) =>
        own.reduce((sum, row) => sum + Math.abs(Number(row[column]) - Number(row.actual)), 0)
      expect(error('challenger')).toBeCloseTo(it.challengerError, 1)
      expect(error('champion')).toBeCloseTo(it.referenceError, 1)
    }
  })

  test('changes nothing of the evaluation', async () => {
    expect(await succeedJson(project, ['compare'])).toEqual(evaluation)
  })
})

test('a buyer reads what changes in the coming weeks, as both models forecast them', async () => {
  const { coming } = evaluation
  const own = await succeedJson(project, ['forecast', '--all', '--out', '.cd4ml/challenger'])
  const production = await succeedJson(project, ['forecast', '--all'])
  const total = ({ forecasts }: { forecasts: { mean: number }[] }) =>
    forecasts.reduce((sum, { mean }) => sum + mean, 0)
  expect(coming?.forecast.after).toBeCloseTo(total(own), 2)
  expect(coming?.forecast.before).toBeCloseTo(total(production), 2)
  expect(coming?.largest.length).toBeGreaterThan(0)
})

test('an experiment on a branch ends well: with what it waits for, and the verdict', async () => {
  const { code, stdout, stderr } = await cd4ml(project, ['pipeline', '--name', 'once more'])
  expect(stderr).toMatch(/^promote {3}not until it is merged$/m)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /An experiment on a branch: it can be promoted once it is merged\.\n {2}- .*merge your branch first.*\n\nBetter: .*\n$/,
  )
  const asked = await cd4ml(project, ['promote'])
  expect([asked.code, asked.stdout]).toEqual([
    1,
    expect.stringMatching(/^An experiment on a branch/),
  ])
})

test('who lists the runs sees which version waits to be merged', async () => {
  expect(await succeed(project, ['runs'])).not.toContain('waits on')
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
  await succeed(project, ['promote', '--base', 'try'])
  expect(await succeed(project, ['runs'])).toMatch(
    /\nVersion 2, trained through 20\d\d-\d\d-\d\d, waits on promotion\/demand to be merged after version 1\.\n$/,
  )
})

test('runs are found by the short id that is listed, and by their names', async () => {
  const listed = await succeed(project, ['runs'])
  const [short] = /^[0-9a-f]{8}(?= .*once more)/m.exec(listed) ?? []
  expect(short).toBeDefined()
  expect(listed).toContain('six weeks')
  expect(await succeed(project, ['runs', short!])).toContain('families.moving-average.window')
})

test('what an earlier challenger came to is not left beside a new one', async () => {
  const out = '.cd4ml/challenger'
  await put(project, { [`${out}/pull-request.md`]: 'Promote version 9', ...recipe('theta: {}') })
  await succeed(project, ['train'])
  for (const stale of ['pull-request.md', 'comparison.json']) {
    await expect(readFile(join(project, out, stale))).rejects.toThrow(/ENOENT/)
  }
})
