import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { POLICY } from '../../src/registry/manifest.ts'
import {
  mondayAfter,
  morningAfter,
  publishAfter,
} from '../integration/monitoring/monitored-shop.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, put } from '../repository.ts'
import { dataFiles, productIds, recipe, type Sale, salesOf } from '../shop.ts'
import { type ProjectOnGitHub, projectOnGitHub } from './project-on-github.ts'
import { BETTER } from './sample-projects.ts'

/** So many weeks the version in production has learnt from, and so many it has been there. */
const LEARNT = 104
const LIVED = 5

/** Six products of a shop that sells, once a model is in production, nearly what it sold a year before. */
const BEFORE = salesOf({ products: productIds(6), frequency: 'week', periods: LEARNT })
const SALES: Sale[] = [
  ...BEFORE,
  ...BEFORE.filter(({ day }) => day >= mondayAfter(LEARNT - 52)).map((sale, index) => ({
    ...sale,
    day: sale.day + 364,
    units: sale.units + (index % 3),
  })),
]

/** The sales of the week that shows it: the fifth since the promotion. */
export const WEEK_THAT_SHOWS_IT = salesAfter(LIVED)

/**
 * A long moving average has been in production for some weeks; forecasts were published at the start
 * of each, and the sales of all but the last have come. It is worse than it promised: seasonal naive
 * knows what the shop sells again. The recipe on main is better, by what sold before.
 */
export async function degradedProject(): Promise<ProjectOnGitHub> {
  const policy = await readFile(join(REPOSITORY, POLICY), 'utf8')
  const files = {
    ...salesAfter(0),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7 }\n',
    'project.yml': 'timeZone: UTC\nlanguage: en\n',
    [POLICY]: policy.replace(/wreckYears: .*/, 'wreckYears: 25'),
    ...BETTER,
  }
  return await projectOnGitHub(files, {
    baseline: recipe('moving-average: { window: 80 }'),
    promotedAt: morningAfter(LEARNT),
    lived: live,
  })
}

async function live(project: string): Promise<void> {
  for (let week = 0; week < LIVED; week++) {
    await put(project, salesAfter(week))
    await commitAll(project, 'Add sales', morningAfter(LEARNT + week))
    await publishAfter(project, LEARNT + week)
  }
}

function salesAfter(weeks: number): Record<string, string> {
  return dataFiles(SALES.filter(({ day }) => day < mondayAfter(LEARNT + weeks)))
}
