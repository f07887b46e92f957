import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { promotionsExample } from '../../scripts/promotions-example.ts'
import { dayFromIso } from '../../src/base/day.ts'
import { POLICY } from '../../src/registry/manifest.ts'
import { folderCheckups } from '../../src/steps/setup/folder-checkups.ts'
import { cd4ml, mergeProposal, newProject, REPOSITORY, succeed, succeedJson } from '../project.ts'
import { commitAll, put } from '../repository.ts'

const EXAMPLE = join(REPOSITORY, 'examples', 'promotions')
const { 'sales.csv': sales, 'plan.csv': plan } = promotionsExample()
const RECIPE = 'frequency: week\nhorizon: 4\nfamilies: { moving-average: { window: 8 } }\n'

/** A product, and a promotion for it in the last week that anybody forecasts. */
const PRODUCT = 'Maria'
const promotion = (decided: string, discount = '40%') =>
  `${PRODUCT};17/11/2025;23/11/2025;${decided};${discount};encarte;\n`

let files: Record<string, string>

beforeAll(async () => {
  const policy = await readFile(join(REPOSITORY, POLICY), 'utf8')
  files = {
    'data/datapackage.json': await readFile(join(EXAMPLE, 'datapackage.json'), 'utf8'),
    'data/sales.csv': sales,
    'data/plan.csv': plan,
    'recipe.yml': RECIPE,
    [POLICY]: policy.replace(/^origins: .*$/m, 'origins: 4'),
  }
})

it('the example with a plan is what its script makes', async () => {
  expect(await readFile(join(EXAMPLE, 'sales.csv'), 'utf8')).toBe(sales)
  expect(await readFile(join(EXAMPLE, 'plan.csv'), 'utf8')).toBe(plan)
})

describe('a chain that plans its promotions', () => {
  it('is told what the plan of tomorrow makes of a forecast, but not before it is known', async () => {
    const project = await newProject(files)
    await succeed(project, ['train'])
    const asked = ['forecast', '--product', PRODUCT, '--from', '2025-11-17', '--to', '2025-11-23']
    const forecast = async (...more: string[]): Promise<number> => {
      const { forecasts } = await succeedJson(project, [...asked, ...more])
      return forecasts[0].mean
    }
    const usual = await forecast()
    await put(project, { 'data/plan.csv': plan + promotion('01/10/2025') })
    expect(await forecast()).toBeGreaterThan(1.5 * usual)
    await put(project, { 'data/plan.csv': plan + promotion('05/11/2025') })
    expect(await forecast('--as-of', '2025-11-02')).toBe(usual)
  })

  it('is told what if, by forecasts and orders, and which inputs its model does not take', async () => {
    const project = await newProject(files)
    await succeed(project, ['train'])
    const week = ['--product', PRODUCT, '--from', '2025-11-17', '--to', '2025-11-23']
    const said = await succeed(project, ['forecast', ...week, '--discount', '40%', '--quiet'])
    const [, mean, without, added] =
      /: ([\d,]+) units;.*; ([\d,]+) if nothing were planned; effect of the plan: \+([\d,]+)/.exec(
        said,
      ) ?? []
    expect(Number(mean)).toBeGreaterThan(1.3 * Number(without))
    expect(Math.abs(Number(mean) - Number(without) - Number(added))).toBeLessThanOrEqual(1)
    expect(await succeed(project, ['forecast', ...week, '--closed', '--quiet'])).toMatch(
      /: 0 units; 80% interval 0 to 0/,
    )
    await succeed(project, ['order', '--product', PRODUCT, '--discount', '40'])
    const refused = await cd4ml(project, ['forecast', ...week, '--display'])
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/takes no display[\s\S]*It takes price, discount, promotion, closed/),
    ])
  })

  it('is told the same by a model of each category, of what is planned, what if, and what was known when', async () => {
    const project = await newProject({ ...files, 'recipe.yml': `${RECIPE}partition: category\n` })
    await succeed(project, ['train'])
    const week = ['--product', PRODUCT, '--from', '2025-11-17', '--to', '2025-11-23']
    const mean = async (...more: string[]): Promise<number> => {
      const { forecasts } = await succeedJson(project, ['forecast', ...week, ...more])
      return forecasts[0].mean
    }
    const usual = await mean()
    const asked = await mean('--discount', '40%')
    expect(asked).toBeGreaterThan(1.3 * usual)
    expect(await mean('--closed')).toBe(0)
    await succeed(project, ['order', '--product', PRODUCT, '--discount', '40'])
    await put(project, { 'data/plan.csv': plan + promotion('01/10/2025') })
    expect((await mean()) / asked).toBeCloseTo(1, 1)
    await put(project, { 'data/plan.csv': plan + promotion('05/11/2025') })
    expect(await mean('--as-of', '2025-11-02')).toBe(usual)
  })

  it('has better forecasts with its plan than without', async () => {
    const contract = JSON.parse(files['data/datapackage.json'])
    const { plan: _, ...cd4ml } = contract.cd4ml
    const without = { ...contract, resources: contract.resources.slice(0, 1), cd4ml }
    const other = { ...files, 'data/datapackage.json': JSON.stringify(without) }
    const unplanned = await compared(await newProject(other))
    const project = await newProject(files)
    const { wape, origins } = await compared(project)
    expect(wape).toBeLessThan(0.7 * unplanned.wape)
    // What each of these days would have said with what was planned by then.
    expect(await wapeAsOf(project, origins)).toBeCloseTo(wape, 5)
  })

  it('cannot compare by a plan that has changed since, and proves by git what was planned', async () => {
    const project = await newProject(files)
    const today = dayFromIso('2025-12-01')!
    const found = await folderCheckups({ project, today, environment: {}, source: undefined })
    expect(found.find(({ name }) => name === 'sales')?.detail).toMatch(/ and 223 rows of the plan/)
    for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
      await succeed(project, args)
    }
    expect(await succeedJson(project, ['verify', 'promotion/demand'])).toMatchObject({
      outcome: 'verified',
    })
    await mergeProposal(project)
    await put(project, { 'data/plan.csv': plan + promotion('01/10/2025') })
    await commitAll(project, 'Plan a promotion')
    const { code, stderr } = await cd4ml(project, ['compare'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/trained with another data/)])
  })
})

async function compared(project: string): Promise<{ wape: number; origins: string[] }> {
  await succeed(project, ['train'])
  const { challenger, origins } = await succeedJson(project, ['compare'])
  return { wape: challenger.metrics.wape, origins }
}

async function wapeAsOf(project: string, origins: string[]): Promise<number> {
  const sold = new Map<string, number>()
  for (const line of sales.split('\n').slice(1, -1)) {
    const [product, , week, units] = line.split(';')
    sold.set(`${product} ${week.split('/').reverse().join('-')}`, Number(units))
  }
  let error = 0
  let total = 0
  for (const origin of origins) {
    const options = ['--as-of', origin, '--out', 'past']
    await succeed(project, ['train', ...options])
    const { forecasts } = await succeedJson(project, ['forecast', '--all', ...options])
    for (const { productId, from, mean } of forecasts) {
      const units = sold.get(`${productId} ${from}`) ?? Number.NaN
      error += Math.abs(units - mean)
      total += units
    }
  }
  return error / total
}
