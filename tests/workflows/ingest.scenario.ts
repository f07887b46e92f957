import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { temporaryFolder } from '../repository.ts'
import { OPENING, productIds, recipe, salesOf } from '../shop.ts'
import { type ProjectOnGitHub, projectOnGitHub } from './project-on-github.ts'

const WEEKS = 110
const HEADER = 'product,category,day,units'

it('brings what is new in the warehouse to main, once, and says when it cannot be believed', async () => {
  const table = join(await temporaryFolder(), 'table.csv')
  const project = await warehouseProject(table)

  await load(table, WEEKS)
  const nothing = await project.dispatch('ingest', { until: lastDayOf(WEEKS) })
  expect(nothing.result, nothing.log).toBe('success')
  expect(nothing.summary).toMatch(/Nothing is new in the warehouse/)
  expect(await project.openPullRequests()).toEqual([])

  await load(table, WEEKS + 1)
  const night = await project.dispatch('ingest', { until: lastDayOf(WEEKS + 1) })
  expect(night.result, night.log).toBe('success')
  const [number, ...others] = await project.openPullRequests()
  expect(others).toEqual([])
  const { experiment } = await project.pullRequest(number)
  expect(experiment.jobs, experiment.log).toEqual({
    experiment: 'success',
    fit: 'skipped',
    finish: 'skipped',
    report: 'skipped',
    all: 'success',
  })
  const { forecast } = await project.merge(number)
  expect(forecast.result, forecast.log).toBe('success')

  await load(table, 60)
  const emptied = await project.dispatch('ingest', { until: lastDayOf(WEEKS + 1) })
  expect(emptied.result).toBe('failure')
  expect(await project.openIssues()).toEqual(['The sales of the warehouse do not get in'])
  expect(await project.openPullRequests()).toEqual([])
  expect(project.github.unknown()).toEqual([])
})

/** A project that has the sales of the first weeks, and asks a table beside it for more. */
async function warehouseProject(table: string): Promise<ProjectOnGitHub> {
  const months = Map.groupBy(rowsOf(WEEKS), ({ day }) => day.slice(0, 7))
  const files = [...months].map(([month, rows]) => [`data/sales/${month}.csv`, csvOf(rows)])
  return await projectOnGitHub({
    ...Object.fromEntries(files),
    ...recipe('seasonal-naive: {}'),
    'data/datapackage.json': JSON.stringify(contract(table), null, 2),
    'project.yml': 'timeZone: UTC\nlanguage: en\n',
  })
}

function contract(table: string): object {
  const types = { product: 'string', category: 'string', day: 'date', units: 'number' }
  return {
    name: 'sales',
    resources: [
      {
        name: 'sales',
        path: 'sales/*.csv',
        schema: { fields: Object.entries(types).map(([name, type]) => ({ name, type })) },
      },
    ],
    cd4ml: {
      columns: { product: 'product', category: 'category', saleDate: 'day', quantity: 'units' },
      source: {
        engine: 'program',
        command: ['awk', '-F,', 'NR == 1 || ($3 >= "{from}" && $3 <= "{until}")', table],
        since: isoFromDay(OPENING),
      },
    },
  }
}

/** What the warehouse holds from now on. */
async function load(table: string, weeks: number): Promise<void> {
  await writeFile(table, csvOf(rowsOf(weeks)))
}

type Row = { day: string; text: string }

/** Of six products, a row a week, by day and product. */
function rowsOf(weeks: number): Row[] {
  const sales = salesOf({ products: productIds(6), frequency: 'week', periods: WEEKS + 1 })
  return sales
    .filter(({ day }) => day < OPENING + 7 * weeks)
    .map(({ product, category, day, units }) => ({
      day: isoFromDay(day),
      text: `${product},${category},${isoFromDay(day)},${units}`,
    }))
    .sort((a, b) => (`${a.day}${a.text}` < `${b.day}${b.text}` ? -1 : 1))
}

function csvOf(rows: Row[]): string {
  return `${[HEADER, ...rows.map(({ text }) => text)].join('\n')}\n`
}

function lastDayOf(weeks: number): string {
  return isoFromDay(OPENING + 7 * weeks - 1)
}
